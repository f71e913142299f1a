// The checks of the configuration and of this host, each broken, and good.

#include "tests/integration/doctor/fixture.hpp"

#include "tests/support/http_certificates.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace mfo::integration {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

class a_doctor_at_home : public a_doctor {};

TEST_F(a_doctor_at_home, finds_nothing_wrong_with_what_is_good) {
  for (const auto& each :
       ask("config,secrets,secret_files,risks,tls,ports,limits"))
    EXPECT_THAT(each["verdict"], testing::AnyOf("ok", "left_out")) << each;
  EXPECT_EQ(status, 0);
}

TEST_F(a_doctor_at_home, looks_at_nothing_without_a_configuration) {
  const auto found = ask("dns,ports", {}, {{"HOOK_SECRET", ""}});
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0]["check"], "config");
  EXPECT_THAT(found[0], has_verdict("failed"));
  EXPECT_THAT(found[1], has_verdict("left_out"));
  EXPECT_THAT(found[2], has_verdict("left_out"));
}

TEST_F(a_doctor_at_home, names_a_variable_that_is_not_set) {
  endpoint = "{id: hook, path: /hook, signature: {scheme: hmac, secret: "
             "\"${NOT_SET_ANYWHERE}\"}}";
  const auto found = ask("config");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0], has_verdict("failed"));
  EXPECT_THAT(found[0], tells("NOT_SET_ANYWHERE"));
  EXPECT_THAT(found[0], tells("EnvironmentFile"));
}

TEST_F(a_doctor_at_home, finds_a_secret_of_an_example) {
  const auto found =
      ask_about("secrets", "endpoints.hook", {{"HOOK_SECRET", "change-me"}});
  EXPECT_THAT(found, has_verdict("failed"));
}

TEST_F(a_doctor_at_home, finds_a_short_secret_and_is_strict_where_asked) {
  const auto found = ask_about("secrets", "servers.default.auth.token",
                               {{"MFO_TOKEN", "9f31"}});
  EXPECT_THAT(found, has_verdict("warning"));
  EXPECT_EQ(status, 0);
  support::child_process strict{{binary, "doctor", "--config", configure(),
                                 "--only", "secrets", "--strict"},
                                environment({{"MFO_TOKEN", "9f31"}})};
  EXPECT_EQ(strict.wait(), 1);
  EXPECT_THAT(strict.output(), HasSubstr("! secrets: servers.default"));
}

TEST_F(a_doctor_at_home, finds_a_file_of_secrets_that_all_can_read) {
  namespace fs = std::filesystem;
  const auto path = folder.write("hook.secret", secret);
  endpoint = "{id: hook, path: /hook, signature: {scheme: hmac, secret_file: "
             "hook.secret}}";
  const auto with = [&](fs::perms mode) {
    fs::permissions(path, mode);
    return ask_about("secret_files", "endpoints[0].signature.secret_file");
  };
  EXPECT_THAT(with(fs::perms{0640}), has_verdict("ok"));
  EXPECT_THAT(with(fs::perms{0644}), has_verdict("warning"));
  EXPECT_THAT(with(fs::perms{0666}), has_verdict("failed"));
}

TEST_F(a_doctor_at_home, finds_an_endpoint_for_everybody) {
  endpoint = "{id: lobby, path: /lobby, signature: {scheme: none, "
             "i_accept_unsigned_events: true}}";
  EXPECT_THAT(ask_about("risks", "lobby"), has_verdict("warning"));
}

TEST_F(a_doctor_at_home, finds_certificates_that_do_not_fit_or_last) {
  const test::authority authority;
  const auto with = [&](std::chrono::seconds lasts, bool own_key) {
    const auto good = authority.issue(
        {.names = {"DNS:localhost"}, .valid_from = -48h, .valid_to = lasts});
    const auto other = authority.issue({.names = {"DNS:localhost"}});
    folder.write("tls.crt", good.certificate);
    folder.write("tls.key", own_key ? good.key : other.key);
    more = "tls: {certificate: tls.crt, key: tls.key}\n";
    return ask("tls");
  };
  EXPECT_THAT(with(24h * 60, true), Each(has_verdict("ok")));
  EXPECT_THAT(with(24h * 13, true), Each(has_verdict("warning")));
  EXPECT_THAT(with(-1h, true), Each(has_verdict("failed")));
  EXPECT_THAT(with(24h * 60, false), testing::Contains(has_verdict("failed")));
}

TEST_F(a_doctor_at_home, finds_who_has_the_port) {
  EXPECT_THAT(ask_about("ports", "listen"), has_verdict("ok"));
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor taken{
      io, {boost::asio::ip::address_v4::loopback(), port.number()}};
  const auto found = ask_about("ports", "listen");
  EXPECT_THAT(found, has_verdict("failed"));
  std::string own_name;
  std::getline(std::ifstream{"/proc/self/comm"}, own_name);
  EXPECT_THAT(found, tells(fmt::format("{} (pid {})", own_name, ::getpid())));
}

TEST_F(a_doctor_at_home, knows_the_node_that_runs_by_its_ports) {
  start_node();
  for (const auto* each : {"listen", "admin_listen"}) {
    const auto found = ask_about("ports", each);
    EXPECT_THAT(found, has_verdict("ok"));
    EXPECT_THAT(found, tells(fmt::format("this very node, mfo-node (pid {})",
                                         node->pid())));
  }
  stop_node();
}

TEST_F(a_doctor_at_home, takes_no_other_node_for_it) {
  start_node();
  name = "node-2";
  EXPECT_THAT(ask_about("ports", "listen"), has_verdict("failed"));
  stop_node();
}

TEST_F(a_doctor_at_home, finds_an_address_that_this_host_does_not_have) {
  more = "cluster: {name: shop, listen: \"192.0.2.1:7420\", advertise: "
         "\"192.0.2.1:7420\", tls: {certificate: c, key: k, ca: a}}\n";
  EXPECT_THAT(ask_about("ports", "cluster.listen"),
              tells("this host has no such address"));
}

TEST_F(a_doctor_at_home, finds_too_few_descriptors) {
  EXPECT_THAT(ask_about("limits", "descriptors"), has_verdict("ok"));
  support::child_process narrow{
      {"/bin/bash", "-c",
       fmt::format("ulimit -n 256; exec {} doctor --config {} --only limits",
                   binary, configure())},
      environment({})};
  EXPECT_EQ(narrow.wait(), 1);
  EXPECT_THAT(narrow.output(), HasSubstr("✗ limits: descriptors"));
  EXPECT_THAT(narrow.output(), HasSubstr("may have 256"));
}

TEST_F(a_doctor_at_home, finds_bounds_that_are_more_than_all_memory) {
  EXPECT_THAT(ask_about("limits", "memory"), has_verdict("ok"));
  more = "limits: {max_bytes_in_flight: 1024GiB}\n";
  EXPECT_THAT(ask_about("limits", "memory"), has_verdict("failed"));
}

TEST_F(a_doctor_at_home, lists_its_checks_and_knows_no_others) {
  support::child_process list{{binary, "doctor", "--list"}};
  EXPECT_EQ(list.wait(), 0);
  EXPECT_THAT(list.output(), HasSubstr("public_url"));
  support::child_process wrong{
      {binary, "doctor", "--config", configure(), "--only", "nonsense"},
      environment({})};
  EXPECT_EQ(wrong.wait(), 64);
  EXPECT_THAT(wrong.errors(), HasSubstr("there is no check nonsense"));
}

} // namespace
} // namespace mfo::integration
