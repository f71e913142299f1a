#include "config/schema.hpp"

#include <fmt/format.h>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace key {
constexpr auto max_body = "max_body";
constexpr auto max_bytes_in_flight = "max_bytes_in_flight";
constexpr auto initial_delay = "initial_delay";
constexpr auto max_delay = "max_delay";
} // namespace key

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr std::size_t gib = 1024 * mib;
constexpr std::size_t most = 1'000'000;

/// Reports unless `small <= large`, at the first of the two that is given.
template <class T>
void check_order(const section_view& view, std::string_view small_key, T small,
                 std::string_view large_key, T large, reader& in) {
  if (view.sound(small_key) && view.sound(large_key) && small > large)
    in.report(view.blame({small_key, large_key}),
              fmt::format("{} must not be more than {}", small_key, large_key));
}

void finish_limits(limits_settings& limits, const section_view& view,
                   reader& in) {
  check_order(view, key::max_body, limits.max_body, key::max_bytes_in_flight,
              limits.max_bytes_in_flight, in);
}

void finish_retry(retry_settings& retry, const section_view& view, reader& in) {
  check_order(view, key::initial_delay, retry.delay, key::max_delay,
              retry.max_delay, in);
}

section<retry_settings> retry_table() {
  using s = retry_settings;
  return make_section<s>(
      {
          value<s>({.key = "max_attempts",
                    .help = "Tries in all, the first one included; 1 means "
                            "never to retry. The endpoint's `timeout` may end "
                            "them earlier.",
                    .example = "5"},
                   &s::max_count, integer<unsigned>(1, 100)),
          value<s>({.key = key::initial_delay,
                    .help = "The delay before the second try.",
                    .example = "100ms"},
                   &s::delay, duration(1ms, 1h)),
          value<s>({.key = "multiplier",
                    .help = "The factor from each delay to the next.",
                    .example = "1.5"},
                   &s::multiplier, decimal(1, 10)),
          value<s>({.key = key::max_delay,
                    .help = "The most that a delay grows to.",
                    .example = "10s"},
                   &s::max_delay, duration(1ms, 1h)),
          value<s>({.key = "jitter",
                    .help = "Which part of a delay is random: `none` of it, "
                            "the second half (`equal`), or all of it "
                            "(`full`), so that nodes do not retry in step.",
                    .example = "equal"},
                   &s::jitter,
                   one_of<jitter_mode>({{"none", jitter_mode::none},
                                        {"equal", jitter_mode::equal},
                                        {"full", jitter_mode::full}})),
      },
      finish_retry);
}

void read_ca_file(upstream_settings& upstream, const cursor& at, reader& in) {
  if (auto path = in.read_path(at))
    upstream.ca_file = *std::move(path);
}

void write_ca_file(const upstream_settings& upstream, YAML::Emitter& out) {
  if (!upstream.ca_file.empty())
    write_text(out, "ca_file", upstream.ca_file);
}

} // namespace

section<limits_settings> limits_table() {
  using s = limits_settings;
  return make_section<s>(
      {
          value<s>({.key = key::max_body,
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
                   &s::max_connections, integer<std::size_t>(1, most)),
          value<s>({.key = "max_in_flight",
                    .help = "Events at a time; beyond it the answer is 503.",
                    .example = "2048"},
                   &s::max_in_flight, integer<std::size_t>(1, most)),
          value<s>({.key = key::max_bytes_in_flight,
                    .help = "Bytes of the bodies of these events; at least "
                            "`max_body`.",
                    .example = "128MiB"},
                   &s::max_bytes_in_flight, size(1, 1024 * gib)),
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

section<upstream_settings> upstream_table() {
  using s = upstream_settings;
  return make_section<s>({
      value<s>({.key = "connect_timeout",
                .help = "For a new connection: DNS, TCP and TLS together.",
                .example = "1s"},
               &s::connect_timeout, duration(1ms, 1h)),
      value<s>({.key = "request_timeout",
                .help = "For one try, connecting included.",
                .example = "5s"},
               &s::request_timeout, duration(1ms, 1h)),
      value<s>({.key = "max_connections",
                .help = "Connections to the server at a time.",
                .example = "128"},
               &s::max_connections, integer<std::size_t>(1, most)),
      value<s>({.key = "max_waiting",
                .help = "Requests that wait for a connection at a time.",
                .example = "1024"},
               &s::max_waiting, integer<std::size_t>(1, most)),
      value<s>({.key = "max_response",
                .help = "The largest body of an answer of the server.",
                .example = "256KiB"},
               &s::max_response, size(1, gib)),
      value<s>({.key = "idle_timeout",
                .help = "How long a connection without requests is kept.",
                .example = "10s"},
               &s::idle_timeout, duration(1ms, 1h)),
      field<s>{{.key = "ca_file",
                .help = "Certificates (PEM) that the server's certificate is "
                        "checked against, in place of the system's.",
                .example = "/etc/mfo/ca.pem",
                .default_text = "the system's certificates",
                .type = "path"},
               read_ca_file,
               write_ca_file},
      nested<s>(
          {.key = "retry", .help = "When a try fails: exponential back-off."},
          &s::retry, retry_table()),
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
  });
}

} // namespace mfo::config
