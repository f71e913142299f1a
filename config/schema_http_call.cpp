#include "config/schema.hpp"
#include "config/schema_common.hpp"

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace http_call_key {
constexpr auto allow = "allow";
constexpr auto private_networks = "private_networks";
} // namespace http_call_key

constexpr std::size_t most_entries = 1000;

codec<host_rule> host() {
  return {"host",
          "a name, *. and a name, an address or a network, perhaps with :port "
          "or :*",
          host_rule::parse, [](const host_rule& rule) {
            return rule.to_string();
          }};
}

codec<ip_network> network() {
  return {"network", "", ip_network::parse, [](const ip_network& one) {
            return one.to_string();
          }};
}

void finish_http_call(http_call_settings& /*calls*/, const section_view& view,
                      reader& in) {
  if (const auto given = view.find(http_call_key::private_networks);
      given && !view.given(http_call_key::allow))
    in.report(given->key_where, given->path, "means nothing without allow");
}

} // namespace

section<http_call_settings> http_call_table() {
  using s = http_call_settings;
  return make_section<s>(
      {
          value_list<s>(
              {.key = http_call_key::allow,
               .help = "The hosts that may be called. `*.example.com` is every "
                       "name below example.com, and not example.com itself; an "
                       "address or a network is for URLs that hold an address. "
                       "Without a port, 443 for https and 80 for http.",
               .example = "[api.example.com, \"*.example.org\", "
                          "\"tickets.example.net:8443\"]",
               .default_text = "none: every call is refused"},
              &s::allow, host(), most_entries),
          value_list<s>(
              {.key = http_call_key::private_networks,
               .help = "Networks that an allowed host may be in although they "
                       "are not of the public internet: loopback, private, "
                       "link-local and [the like](http-call.md).",
               .example = "[10.20.0.0/16]",
               .default_text = "none"},
              &s::private_networks, network(), most_entries),
          file_path<s>({.key = "ca_file",
                        .help = "Certificates of authorities to trust besides "
                                "the system's, PEM.",
                        .example = "/etc/mfo/internal-ca.pem",
                        .default_text = "none"},
                       &s::ca_file),
          value<s>({.key = "connect_timeout",
                    .help = "For DNS, TCP and TLS together.",
                    .example = "2s"},
                   &s::connect_timeout, duration(1ms, 10min)),
          value<s>({.key = "timeout",
                    .help = "The most that a call may take, waiting for a turn "
                            "and the whole reply included; a task's own "
                            "`timeout` may be shorter.",
                    .example = "10s"},
                   &s::timeout, duration(1ms, 1h)),
          value<s>({.key = "max_response",
                    .help = "The largest body of a reply.",
                    .example = "256KiB"},
                   &s::max_response, size(1, gib)),
          value<s>({.key = "max_in_flight",
                    .help = "Calls at a time; others wait.",
                    .example = "8"},
                   &s::max_in_flight, integer<std::size_t>(1, 10'000)),
          value<s>({.key = "max_waiting",
                    .help = "Calls that wait; beyond it a call fails at once, "
                            "and may be tried again.",
                    .example = "100"},
                   &s::max_waiting, integer<std::size_t>(0, most_items)),
      },
      finish_http_call);
}

} // namespace mfo::config
