#include "node/testing/case_settings.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace mfo::node {

namespace {

constexpr unsigned all_lines = 1'000'000;

std::string another(std::string secret) {
  constexpr std::string_view prefix = "whsec_";
  const auto from = secret.starts_with(prefix) ? prefix.size() : 0;
  const auto found = std::find_if(
      secret.begin() + static_cast<std::ptrdiff_t>(from), secret.end(),
      [](unsigned char c) { return std::isalnum(c) != 0; });
  if (found == secret.end())
    return secret + "-";
  *found = *found == 'A' ? 'B' : 'A';
  return secret;
}

} // namespace

config::settings settings_for_tests(config::settings from, bool logs) {
  from.listen = {"127.0.0.1", 0};
  from.admin_listen = from.listen;
  from.tls = {};
  from.admin = {};
  from.cluster = {};
  from.dead_letters = {};
  from.notifications = {};
  from.tracing = {};
  from.recording = {};
  from.workers = 1;
  from.log = {.level = logs ? config::log_level::debug : config::log_level::off,
              .format = config::log_format::text,
              .refusals_per_second = all_lines};
  // There are no peers to hold a copy.
  for (auto& each : from.endpoints)
    if (each.ack == config::ack_mode::replicated)
      each.ack = config::ack_mode::received;
  return from;
}

void believe_addresses(config::settings& settings,
                       const casebook::test_case& of) {
  if (std::ranges::all_of(of.steps,
                          [](const auto& each) { return each.from.empty(); }))
    return;
  settings.proxies.trusted_proxies.push_back(
      *config::ip_network::parse("127.0.0.1/32"));
  settings.proxies.header = config::forwarded_header::x_forwarded_for;
}

config::signature_settings with_wrong_secrets(config::signature_settings from) {
  for (auto& each : from.secrets)
    each = config::secret{another(each.reveal())};
  return from;
}

} // namespace mfo::node
