#include "node/risks.hpp"

#include <gmock/gmock.h>

namespace mfo::node {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> warnings(const config::settings& settings) {
  std::vector<std::string> lines;
  telemetry::log log{config::log_settings{}, [&](std::string_view line) {
                       lines.emplace_back(line);
                     }};
  warn_of_risks(settings, 9191, log);
  return lines;
}

TEST(warnings_of_risks, are_none_of_what_is_usual) {
  config::settings node;
  node.endpoints.emplace_back();
  node.admin.tokens.emplace_back("0123456789abcdef");
  EXPECT_THAT(warnings(node), IsEmpty());
}

TEST(warnings_of_risks, name_an_endpoint_that_anybody_can_use) {
  config::settings node;
  auto& open = node.endpoints.emplace_back();
  open.id = "lobby";
  open.path = "/lobby";
  open.signature.scheme = config::signature_scheme::none;
  EXPECT_THAT(warnings(node), ElementsAre(HasSubstr("lobby")));
}

TEST(warnings_of_risks, tell_of_proxies_that_may_be_anybody) {
  config::settings node;
  auto& proxies = node.proxies.trusted_proxies;
  for (const auto* text : {"10.0.0.0/8", "128.0.0.0/1", "8000::/1", "::1"})
    proxies.push_back(config::ip_network::parse(text).value());
  EXPECT_THAT(warnings(node), IsEmpty());
  for (const auto* text : {"0.0.0.0/0", "::/0"})
    proxies.push_back(config::ip_network::parse(text).value());
  EXPECT_THAT(warnings(node),
              ElementsAre(HasSubstr("0.0.0.0/0"), HasSubstr("::/0")));
}

TEST(warnings_of_risks, tell_of_a_token_that_can_be_guessed) {
  config::settings node;
  node.admin.tokens.emplace_back("0123456789abcde");
  EXPECT_THAT(warnings(node), ElementsAre(HasSubstr("short")));
}

TEST(warnings_of_risks, tell_of_a_token_that_anybody_on_the_way_can_read) {
  config::settings node;
  node.admin.tokens.emplace_back("0123456789abcdef");
  node.admin_listen.host = "0.0.0.0";
  EXPECT_THAT(warnings(node), ElementsAre(HasSubstr("in the clear")));
  node.admin.tls.certificate = "admin.pem";
  EXPECT_THAT(warnings(node), IsEmpty());
}

TEST(warnings_of_risks, tell_that_requests_may_be_recorded) {
  config::settings node;
  node.recording.enabled = true;
  EXPECT_THAT(warnings(node), ElementsAre(HasSubstr("recorded")));
}

TEST(warnings_of_risks, name_the_port_that_the_admin_listener_has) {
  config::settings node;
  node.recording.enabled = true;
  node.admin_listen = {"127.0.0.1", 0};
  EXPECT_THAT(warnings(node), ElementsAre(HasSubstr("\"127.0.0.1:9191\"")));
}

} // namespace

} // namespace mfo::node
