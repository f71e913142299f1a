// TLS of both listeners, with the real program and curl.

#include "tests/integration/fixture.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/tls_client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <thread>
#include <utility>

namespace mfo::integration {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct curl_result {
  int status = -1; ///< curl's own
  std::string code;
};

/// What curl makes of `arguments`; `code` is the status of the answer, 000
/// where there was none.
curl_result curl(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{
      "/usr/bin/curl", "-s", "-m", "20", "-o", "/dev/null", "-w",
      "%{http_code}\n"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  child_process program{words};
  curl_result result;
  result.status = program.wait().value_or(-1);
  result.code = program.output();
  return result;
}

class a_node_with_tls : public running_node {
protected:
  void write(const test::identity& own, const std::string& name = "node") {
    folder.write(name + ".pem", own.certificate);
    folder.write(name + ".key", own.key);
  }

  void start_tls(const std::string& more = {}) {
    write(ours.issue({loopback}));
    folder.write("ca.pem", ours.certificate());
    start("tls: {certificate: node.pem, key: node.key" + more + "}\n");
  }

  /// curl's arguments for a signed event; `more` come first.
  std::vector<std::string> event(std::vector<std::string> more = {}) {
    const std::string body{"{\"n\":1}"};
    for (const auto& [name, value] : signed_fields(body))
      more.insert(more.end(), {"-H", name + ": " + value});
    more.insert(more.end(),
                {"--cacert", folder / "ca.pem", "--data", body,
                 "https://127.0.0.1:" + std::to_string(port) + "/webhook"});
    return more;
  }

  /// The event of `event`, on a connection that stays open.
  static std::string event_message() {
    return signed_request("{\"n\":1}");
  }

  const std::vector<std::string> loopback{"DNS:localhost", "IP:127.0.0.1"};
  const test::authority ours;
  const test::authority clients;
};

TEST_F(a_node_with_tls, delivers_an_event) {
  start_tls();
  const auto got = curl(event());
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.code, "202\n");
  EXPECT_EQ(server->events().size(), 1u);
  EXPECT_EQ(curl(event({"--tls-max", "1.2"})).code, "202\n");
  EXPECT_EQ(curl(event({"--http2"})).code, "202\n");
}

TEST_F(a_node_with_tls, gives_plain_http_no_answer) {
  start_tls();
  const auto got =
      curl({"http://127.0.0.1:" + std::to_string(port) + "/webhook"});
  EXPECT_NE(got.status, 0);
  EXPECT_EQ(got.code, "000\n");
  EXPECT_TRUE(wait_until([this] {
    return sum_of(metrics(), "mfo_tls_handshakes_total",
                  "listener=\"events\",result=\"not_tls\"") == 1;
  }));
}

TEST_F(a_node_with_tls, lets_in_who_shows_a_certificate) {
  folder.write("clients.pem", clients.certificate());
  write(clients.issue({{"DNS:billing"}}), "billing");
  write(clients.issue({{"DNS:shop"}}), "shop");
  start_tls(", client_ca: clients.pem, client_names: [billing]");
  EXPECT_EQ(curl(event({"--cert", folder / "billing.pem", "--key",
                        folder / "billing.key"}))
                .code,
            "202\n");
  EXPECT_EQ(
      curl(event({"--cert", folder / "shop.pem", "--key", folder / "shop.key"}))
          .code,
      "000\n");
  EXPECT_EQ(curl(event()).code, "000\n");
  EXPECT_EQ(server->events().size(), 1u);
}

TEST_F(a_node_with_tls, changes_its_certificate_on_sighup) {
  start_tls();
  test::tls_client live{port, {.trusted = ours.certificate()}};
  ASSERT_EQ(live.failure(), "");
  const auto before = live.server_serial();
  live.write(event_message());
  EXPECT_THAT(live.read_answer(), StartsWith("HTTP/1.1 202 "));

  write(ours.issue({loopback}));
  node->signal(SIGHUP);
  ASSERT_TRUE(node->wait_for_line("\"message\":\"tls reloaded\""));
  test::tls_client next{port, {.trusted = ours.certificate()}};
  EXPECT_NE(next.server_serial(), before);
  next.write(event_message());
  EXPECT_THAT(next.read_answer(), StartsWith("HTTP/1.1 202 "));
  live.write(event_message());
  EXPECT_THAT(live.read_answer(), StartsWith("HTTP/1.1 202 "));
  EXPECT_EQ(curl(event()).code, "202\n");
}

TEST_F(a_node_with_tls, speaks_it_from_a_reload_on_that_asks_for_it) {
  start();
  raw_client plain{port};
  plain.write(event_message());
  EXPECT_EQ(plain.read().status, 202);
  write(ours.issue({loopback}));
  folder.write("ca.pem", ours.certificate());
  configure("webhook_path: /webhook\n"
            "webhook_secret: ${WEBHOOK_SECRET}\n"
            "tls: {certificate: node.pem, key: node.key}\n");
  const auto reload = [this] {
    return ask_admin("POST", "/api/v1/reload").status;
  };
  EXPECT_EQ(reload(), 200);
  EXPECT_EQ(curl(event()).code, "202\n");
  plain.write(event_message());
  EXPECT_EQ(plain.read().status, 202) << "who is connected stays so";
  configure("webhook_path: /webhook\n"
            "webhook_secret: ${WEBHOOK_SECRET}\n");
  EXPECT_EQ(reload(), 200);
  EXPECT_EQ(post("{}").status, 202);
}

TEST_F(a_node_with_tls, goes_over_to_other_files_and_refuses_nobody) {
  start_tls();
  write(ours.issue({loopback}), "other");
  std::atomic<bool> ends{false};
  std::atomic<std::size_t> sent{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 2; ++i)
    senders.emplace_back([&] {
      while (!ends) {
        test::tls_client client{port, {.trusted = ours.certificate()}};
        EXPECT_EQ(client.failure(), "");
        client.write(event_message());
        EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 202 "));
        ++sent;
      }
    });
  const auto serial = [this] {
    return test::tls_client{port, {.trusted = ours.certificate()}}
        .server_serial();
  };
  for (auto former = serial(); const auto* name : {"other", "node", "other"}) {
    configure(fmt::format("webhook_path: /webhook\n"
                          "webhook_secret: ${{WEBHOOK_SECRET}}\n"
                          "tls: {{certificate: {0}.pem, key: {0}.key}}\n",
                          name));
    EXPECT_EQ(ask_admin("POST", "/api/v1/reload").status, 200);
    const auto now = serial();
    EXPECT_NE(now, std::exchange(former, now));
    const auto before = sent.load();
    EXPECT_TRUE(wait_until([&] { return sent > before + 20; }));
  }
  ends = true;
  for (auto& each : senders)
    each.join();
  EXPECT_EQ(server->events().size(), sent);
}

TEST_F(a_node_with_tls, reads_files_again_that_have_changed) {
  start_tls();
  write(ours.issue({loopback}));
  // It looks every 10 s.
  EXPECT_TRUE(node->wait_for_line("\"message\":\"tls reloaded\""));
}

TEST_F(a_node_with_tls, is_sent_to_by_its_own_configuration) {
  const support::reserved_port its_port;
  listen = "127.0.0.1:" + std::to_string(its_port.number());
  start_tls();
  const std::vector<std::string> words{
      binary, "send", "--config", folder / "node.yaml", "--data", "{}"};
  const auto with = [&](const std::vector<std::string>& more) {
    auto all = words;
    all.insert(all.end(), more.begin(), more.end());
    child_process send{all, {{"WEBHOOK_SECRET", std::string{secret}}}};
    return std::pair{send.wait().value_or(-1), send.output() + send.errors()};
  };
  const auto [status, text] = with({"--ca", folder / "ca.pem"});
  EXPECT_EQ(status, 0);
  EXPECT_THAT(text, StartsWith("HTTP 202"));
  const auto [doubting, why] = with({});
  EXPECT_EQ(doubting, 1);
  EXPECT_THAT(why, HasSubstr("certificate"));
}

TEST_F(a_node_with_tls, guards_its_admin_listener) {
  write(ours.issue({loopback}), "admin");
  folder.write("ca.pem", ours.certificate());
  const std::string token{"0123456789abcdef"};
  start("admin: {token: " + token +
        ", tls: {certificate: admin.pem, key: admin.key}}\n");
  const auto page = [&](const std::string& path,
                        std::vector<std::string> more = {}) {
    more.insert(more.end(),
                {"--cacert", folder / "ca.pem",
                 "https://127.0.0.1:" + std::to_string(admin_port) + path});
    return curl(more).code;
  };
  EXPECT_EQ(page("/health/ready"), "200\n");
  EXPECT_EQ(page("/metrics"), "401\n");
  EXPECT_EQ(page("/metrics", {"-H", "Authorization: Bearer " + token}),
            "200\n");
  admin_port = 0; // the books are behind the token
}

/// `check` and `run` of a configuration with this TLS.
class tls_files : public testing::Test {
protected:
  std::string complaint(const std::string& command, int status,
                        const std::string& tls) {
    const auto path = folder.write(
        "node.yaml", "listen: 127.0.0.1:0\nadmin_listen: 127.0.0.1:0\n"
                     "server_url: http://127.0.0.1:1\n"
                     "webhook_path: /webhook\nwebhook_secret: s\n" +
                         tls);
    child_process program{{binary, command, "--config", path}};
    EXPECT_EQ(program.wait(), status);
    const auto text = program.errors();
    EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
    return text;
  }

  support::temporary_folder folder;
};

TEST_F(tls_files, that_are_not_good_are_named) {
  const test::authority ours;
  const auto one = ours.issue({{"DNS:a"}});
  folder.write("a.pem", one.certificate);
  folder.write("a.key", ours.issue({{"DNS:b"}}).key);
  for (const auto& [command, status] :
       {std::pair{"check", 78}, std::pair{"run", 69}}) {
    EXPECT_THAT(
        complaint(command, status, "tls: {certificate: a.pem, key: a.key}\n"),
        AllOf(HasSubstr(" tls: cannot use the key file"),
              HasSubstr("give the key that this certificate")));
    EXPECT_THAT(complaint(command, status,
                          "admin: {tls: {certificate: b.pem, key: a.key}}\n"),
                AllOf(HasSubstr(" admin.tls: cannot use the certificate file"),
                      HasSubstr("No such file or directory")));
  }
}

} // namespace

} // namespace mfo::integration
