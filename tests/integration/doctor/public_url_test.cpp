// Where the public URL leads: to this node, to another, to nobody.

#include "tests/integration/doctor/fixture.hpp"

#include "signatures/probe.hpp"
#include "tests/devserver/raw_client.hpp"
#include "tests/support/exposition.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/http_script_server.hpp"
#include "tests/support/signatures.hpp"
#include "tests/support/wait_until.hpp"

#include <fmt/format.h>

#include <chrono>

namespace mfo::integration {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::Each;

class a_public_url : public a_doctor {
protected:
  void SetUp() override {
    a_doctor::SetUp();
    lead_to(fmt::format("http://127.0.0.1:{}", port.number()));
  }

  void lead_to(const std::string& url) {
    more = "public_url: \"" + url + "\"\n";
  }

  json probe() {
    return ask_about("public_url", "endpoints.hook");
  }

  /// A signed request to the node, with these fields besides.
  devserver::answer send(std::string_view body,
                         const devserver::field_list& fields) const {
    devserver::field_list all{
        {"Content-Type", "application/json"},
        {"X-Signature", support::hex_hmac_sha256(secret, body)}};
    all.insert(all.end(), fields.begin(), fields.end());
    return devserver::ask(port.number(), "POST", "/hook", body, all);
  }

  double refused(const std::string& reason) const {
    return support::sum_of(
        devserver::ask(admin_port.number(), "GET", "/metrics", "",
                       {{"Host", "localhost"}})
            .body,
        "mfo_events_refused_total", "reason=\"" + reason + "\"");
  }

  /// As the doctor makes it, by this secret.
  static std::string field_by(const std::string& by,
                              const std::string& endpoint_id = "hook") {
    config::signature_settings settings;
    settings.secrets.emplace_back(by);
    return signatures::make_probe(
        settings, endpoint_id,
        std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::system_clock::now().time_since_epoch()),
        "00ff");
  }
};

TEST_F(a_public_url, that_leads_to_the_running_node_is_good_and_no_event) {
  start_node();
  EXPECT_THAT(probe(), AllOf(has_verdict("ok"), tells("leads to this node")));
  EXPECT_EQ(server->count(), 0u);
  EXPECT_EQ(refused("handshake"), 1);
  stop_node();
}

TEST_F(a_public_url, is_tried_without_a_node_too) {
  EXPECT_THAT(probe(), AllOf(has_verdict("ok"), tells("leads to this node")));
}

TEST_F(a_public_url, that_nobody_is_at_fails) {
  const support::reserved_port nobody;
  lead_to(fmt::format("http://127.0.0.1:{}", nobody.number()));
  EXPECT_THAT(probe(), AllOf(has_verdict("failed"), tells("refused")));
}

TEST_F(a_public_url, that_leads_to_some_other_server_fails) {
  test::script_server other{test::always(test::reply_of("{}"))};
  lead_to(fmt::format("http://127.0.0.1:{}", other.port()));
  EXPECT_THAT(probe(), AllOf(has_verdict("failed"), tells("does not have")));
}

TEST_F(a_public_url, whose_path_is_another_fails) {
  start_node();
  lead_to(fmt::format("http://127.0.0.1:{}/below", port.number()));
  EXPECT_THAT(probe(), AllOf(has_verdict("failed"), tells("404")));
  stop_node();
}

TEST_F(a_public_url, that_leads_to_a_node_with_another_secret_fails) {
  start_node();
  EXPECT_THAT(ask_about("public_url", "endpoints.hook",
                        {{"HOOK_SECRET", "another-secret-of-some-length"}}),
              AllOf(has_verdict("failed"), tells("401")));
  stop_node();
}

TEST_F(a_public_url, that_leads_to_another_node_fails) {
  start_node();
  const support::reserved_port place;
  const support::reserved_port admin_place;
  const auto url = fmt::format("http://127.0.0.1:{}", port.number());
  // The same secrets, and another name and place.
  const auto other = folder.write(
      "other.yaml",
      fmt::format("node_name: node-2\nlisten: 127.0.0.1:{}\nadmin_listen: "
                  "127.0.0.1:{}\npublic_url: {}\nserver_url: {}\n"
                  "endpoints: [{}]\n",
                  place.number(), admin_place.number(), url, server->url(),
                  endpoint));
  support::child_process doctor{
      {binary, "doctor", "--config", other, "--only", "public_url"},
      environment({})};
  EXPECT_EQ(doctor.wait(), 1);
  EXPECT_THAT(doctor.output(),
              testing::HasSubstr("leads to another node, node-1"));
  stop_node();
}

TEST_F(a_public_url, is_tried_for_every_scheme) {
  for (const auto* signature :
       {"{scheme: github, secret: \"${HOOK_SECRET}\"}",
        "{scheme: stripe, secret: \"whsec_${HOOK_SECRET}\"}",
        "{scheme: slack, secret: \"${HOOK_SECRET}\"}",
        "{scheme: shopify, secret: \"${HOOK_SECRET}\"}",
        "{scheme: gitlab, secret: \"${HOOK_SECRET}\"}",
        "{scheme: token, header: X-Token, secret: \"${HOOK_SECRET}\"}",
        "{scheme: basic, secret: \"ann:${HOOK_SECRET}\"}",
        "{scheme: standard-webhooks, secret: "
        "\"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\"}",
        "{scheme: hmac, secret: \"${HOOK_SECRET}\", template: "
        "\"{timestamp}.{body}\", timestamp_header: X-Time}"}) {
    endpoint =
        fmt::format("{{id: hook, path: /hook, signature: {}}}", signature);
    EXPECT_THAT(probe(), has_verdict("ok")) << signature;
  }
  endpoint = fmt::format("{{id: hook, path: /hook, signature: {{scheme: "
                         "twilio, secret: \"${{HOOK_SECRET}}\", public_url: "
                         "\"http://127.0.0.1:{}/hook\"}}}}",
                         port.number());
  EXPECT_THAT(probe(), has_verdict("ok"));
}

TEST_F(a_public_url, is_left_out_without_a_secret_or_where_it_is_not_said) {
  endpoint = "{id: hook, path: /hook, signature: {scheme: none, "
             "i_accept_unsigned_events: true}}";
  EXPECT_THAT(probe(), has_verdict("left_out"));
  endpoint = "{id: hook, path: /hook, signature: {scheme: hmac, secret: "
             "\"${HOOK_SECRET}\"}}";
  more = "";
  EXPECT_THAT(probe(), AllOf(has_verdict("left_out"), tells("public_url")));
}

TEST_F(a_public_url, is_tried_by_tls_against_the_nodes_own_certificate) {
  const test::authority authority;
  const auto own = authority.issue({.names = {"DNS:localhost"}});
  const auto ca = folder.write("ca.pem", authority.certificate());
  folder.write("tls.crt", own.certificate);
  folder.write("tls.key", own.key);
  lead_to(fmt::format("https://localhost:{}", port.number()));
  more += "tls: {certificate: tls.crt, key: tls.key}\n";
  EXPECT_THAT(ask("public_url", {"--ca", ca}), Each(has_verdict("ok")));
  EXPECT_THAT(ask("public_url"),
              Each(AllOf(has_verdict("failed"), tells("--ca"))));
}

TEST_F(a_public_url, says_whose_port_it_is_where_nobody_can_stand_in) {
  test::script_server other{test::silent()};
  more = fmt::format("public_url: http://127.0.0.1:{}\n", port.number());
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor taken{
      io, {boost::asio::ip::address_v4::loopback(), port.number()}};
  EXPECT_THAT(ask_about("public_url", "listen"), has_verdict("failed"));
}

// --- what others try --------------------------------------------------------

TEST_F(a_public_url, has_a_node_that_makes_no_event_of_a_probe) {
  start_node();
  const auto good = send("{}", {{"MFO-Probe", field_by(secret)}});
  EXPECT_EQ(good.status, 200);
  EXPECT_THAT(good.body, testing::HasSubstr("\"node\":\"node-1\""));
  EXPECT_EQ(server->count(), 0u);
  stop_node();
}

TEST_F(a_public_url, has_a_node_that_wants_the_signature_first) {
  start_node();
  const auto got = devserver::ask(
      port.number(), "POST", "/hook", "{}",
      {{"Content-Type", "application/json"}, {"MFO-Probe", field_by(secret)}});
  EXPECT_EQ(got.status, 401);
  EXPECT_THAT(got.body, testing::Not(testing::HasSubstr("node-1")));
  stop_node();
}

TEST_F(a_public_url, has_a_node_that_refuses_the_field_on_anothers_event) {
  start_node();
  for (const auto& field :
       {std::string{"1 0 00 00"}, std::string{"x"},
        field_by("another-secret-of-some-length"), field_by(secret, "other")}) {
    const auto got = send("{}", {{"MFO-Probe", field}});
    EXPECT_EQ(got.status, 401) << field;
    EXPECT_THAT(got.body, testing::Not(testing::HasSubstr("proof")));
  }
  EXPECT_EQ(server->count(), 0u);
  stop_node();
}

TEST_F(a_public_url, has_a_body_that_is_never_an_event) {
  start_node();
  // As a node answers that knows nothing of probes, or behind a proxy that
  // takes the field away.
  EXPECT_EQ(send(signatures::probe_body, {}).status, 400);
  EXPECT_EQ(server->count(), 0u);
  stop_node();
}

TEST_F(a_public_url, has_a_stand_in_that_takes_nothing) {
  // An event that comes while the doctor listens; the doctor waits for an
  // answer of a public URL that gives none.
  test::script_server hanging{test::silent()};
  lead_to(fmt::format("http://127.0.0.1:{}", hanging.port()));
  support::child_process doctor{{binary, "doctor", "--config", configure(),
                                 "--only", "public_url", "--timeout", "20"},
                                environment({})};
  ASSERT_TRUE(support::wait_until(
      [&] { return support::accepts_connections(port.number()); }));
  const auto got = send("{}", {});
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(server->count(), 0u);
}

} // namespace
} // namespace mfo::integration
