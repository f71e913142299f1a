#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <algorithm>
#include <cctype>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace section_key {
constexpr auto max_body = "max_body";
constexpr auto max_bytes_in_flight = "max_bytes_in_flight";
} // namespace section_key

constexpr std::size_t most_redacted = 1000;

codec<std::string> redacted_name() {
  return text(
      "name", "a name, or a JSON Pointer",
      [](std::string_view given) -> tl::expected<std::string, std::string> {
        const auto letter = [](unsigned char c) {
          return std::isalnum(c) != 0 || c >= 0x80;
        };
        if (std::ranges::any_of(given, letter))
          return std::string{given};
        return tl::make_unexpected("must have a letter or a digit");
      });
}

void finish_limits(limits_settings& limits, const section_view& view,
                   reader& in) {
  check_order(view, section_key::max_body, limits.max_body,
              section_key::max_bytes_in_flight, limits.max_bytes_in_flight, in);
}

} // namespace

section<limits_settings> limits_table() {
  using s = limits_settings;
  return make_section<s>(
      {
          value<s>({.key = section_key::max_body,
                    .help = "The largest body of a request.",
                    .example = "256KiB"},
                   &s::max_body, size(1, gib)),
          value<s>({.key = "max_header",
                    .help = "The largest head of a request: its first line and "
                            "all fields.",
                    .example = "8KiB"},
                   &s::max_header, size(256, mib)),
          value<s>({.key = "max_connections",
                    .help = "Connections of senders at a time.",
                    .example = "4096"},
                   &s::max_connections, integer<std::size_t>(1, most_items)),
          value<s>({.key = "max_connections_per_address",
                    .help = "Of these, connections from one address (IPv6: "
                            "from one /64); beyond it the answer is 429. "
                            "Connections of `trusted_proxies` are not "
                            "counted.",
                    .example = "16"},
                   &s::max_connections_per_address,
                   integer<std::size_t>(1, most_items)),
          value<s>({.key = "max_in_flight",
                    .help = "Events at a time; beyond it the answer is 503.",
                    .example = "2048"},
                   &s::max_in_flight, integer<std::size_t>(1, most_items)),
          value<s>({.key = section_key::max_bytes_in_flight,
                    .help =
                        "Bytes of the bodies of these events, and of bodies "
                        "that are being read; beyond it the answer is 503. "
                        "An event takes about 3 KiB of memory besides. At "
                        "least `max_body`.",
                    .example = "128MiB"},
                   &s::max_bytes_in_flight, size(1, 1024 * gib)),
          value<s>({.key = "max_inflate_ratio",
                    .help = "How many times its size a compressed body may "
                            "inflate to, beyond 64 KiB; never to more than "
                            "`max_body`.",
                    .example = "20"},
                   &s::max_inflate_ratio, integer<std::size_t>(1, 2000)),
          value<s>({.key = "max_json_depth",
                    .help = "How deep arrays and objects of a payload may be "
                            "in one another.",
                    .example = "32"},
                   &s::max_json_depth, integer<std::size_t>(1, 1024)),
          value<s>({.key = "max_json_tokens",
                    .help = "How many tokens a payload may have: strings, "
                            "numbers, literals, and each of `[ ] { } : ,`.",
                    .example = "10000"},
                   &s::max_json_tokens,
                   integer<std::size_t>(1, 1000 * most_items)),
          value<s>({.key = "header_timeout",
                    .help = "From the first to the last byte of a head.",
                    .example = "5s"},
                   &s::header_timeout, duration(1ms, 1h)),
          value<s>({.key = "body_timeout",
                    .help = "From the end of the head to the last byte of the "
                            "body.",
                    .example = "20s"},
                   &s::body_timeout, duration(1ms, 1h)),
          value<s>({.key = "idle_timeout",
                    .help = "Between two requests on a connection.",
                    .example = "60s"},
                   &s::idle_timeout, duration(1ms, 1h)),
      },
      finish_limits);
}

section<dedup_settings> dedup_table() {
  using s = dedup_settings;
  return make_section<s>({
      value<s>({.key = "window",
                .help = "How long a delivery is remembered.",
                .example = "1h"},
               &s::window, duration(1s, 24h * 366)),
      value<s>({.key = "max_ids",
                .help = "How many are remembered; about 200 bytes each. When "
                        "there are more, the oldest is forgotten. 0: none "
                        "is, and every repetition goes to the server.",
                .example = "1000000"},
               &s::max_ids, integer<std::size_t>(0, 100 * most_items)),
  });
}

section<event_book_settings> event_book_table() {
  using s = event_book_settings;
  return make_section<s>({
      value<s>({.key = "keep",
                .help = "How many events that have ended are shown by the "
                        "admin listener: so many of those that went well, and "
                        "so many of those that did not; of each 8 MiB at "
                        "most. 0: none, nor those in flight.",
                .example = "10000"},
               &s::keep, integer<std::size_t>(0, 10'000)),
  });
}

section<recording_settings> recording_table() {
  using s = recording_settings;
  return make_section<s>({
      value<s>({.key = "enabled",
                .help = "Whether who may ask the admin listener may have "
                        "requests recorded, bodies included, with what looks "
                        "like a secret left out.",
                .example = "true"},
               &s::enabled, yes_or_no()),
      value<s>({.key = "max_requests",
                .help = "How many requests one recording may have.",
                .example = "20"},
               &s::max_requests, integer<std::size_t>(1, 1000)),
      value<s>({.key = "max_bytes",
                .help = "How many bytes of heads and bodies one recording may "
                        "have.",
                .example = "256KiB"},
               &s::max_bytes, size(kib, 8 * mib)),
      value_list<s>(
          {.key = "redact",
           .help = "What is left out besides the usual: names of fields, in "
                   "headers, queries and bodies, or JSON Pointers into bodies. "
                   "What lies below is left out, too.",
           .example = "[customer_number, /order/notes]",
           .default_text = "none"},
          &s::redact, redacted_name(), most_redacted),
  });
}

section<log_settings> log_table() {
  using s = log_settings;
  return make_section<s>({
      value<s>({.key = "level",
                .help = "The least important lines that are written.",
                .example = "debug"},
               &s::level,
               one_of<log_level>({{"trace", log_level::trace},
                                  {"debug", log_level::debug},
                                  {"info", log_level::info},
                                  {"warn", log_level::warn},
                                  {"error", log_level::error},
                                  {"off", log_level::off}})),
      value<s>({.key = "format",
                .help = "`json`: an object a line; `text`: for people.",
                .example = "text"},
               &s::format,
               one_of<log_format>(
                   {{"json", log_format::json}, {"text", log_format::text}})),
      value<s>({.key = "refusals_per_second",
                .help =
                    "How many lines there are at most of events and "
                    "requests that are refused, for each reason; `left_out` "
                    "of a line says how many had none since the one before.",
                .example = "100"},
               &s::refusals_per_second, integer<unsigned>(1, most_items)),
  });
}

} // namespace mfo::config
