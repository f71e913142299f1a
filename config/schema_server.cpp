#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <fmt/format.h>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace server_key {
constexpr auto url = "url";
constexpr auto tls = "tls";
constexpr auto proxy = "proxy";
constexpr auto cert_file = "cert_file";
constexpr auto key_file = "key_file";
constexpr auto max_in_flight = "max_in_flight";
constexpr auto concurrency = "concurrency";
} // namespace server_key

void finish_tls(tls_settings&, const section_view& view, reader& in) {
  require_both(view, server_key::cert_file, server_key::key_file, in);
}

section<tls_settings> tls_table() {
  using s = tls_settings;
  return make_section<s>(
      {
          file_path<s>({.key = "ca_file",
                        .help = "Certificates (PEM) that the server's is "
                                "checked against, in place of the system's.",
                        .example = "/etc/mfo/ca.pem",
                        .default_text = "the system's certificates"},
                       &s::ca_file),
          file_path<s>({.key = "crl_file",
                        .help = "Revocation lists (PEM), one of every CA in "
                                "the chain: a revoked certificate is refused.",
                        .example = "/etc/mfo/crl.pem",
                        .default_text = "none"},
                       &s::crl_file),
          file_path<s>({.key = server_key::cert_file,
                        .help = "This node's own certificate (PEM), with its "
                                "chain, for a server that asks for one.",
                        .example = "/etc/mfo/node.pem",
                        .default_text = "none"},
                       &s::cert_file),
          file_path<s>({.key = server_key::key_file,
                        .help = "The private key (PEM) of `cert_file`.",
                        .example = "/run/secrets/node.key",
                        .default_text = "none"},
                       &s::key_file),
          value<s>({.key = "min_version",
                    .help = "The oldest version of TLS that is spoken.",
                    .example = "1.3"},
                   &s::min_version,
                   one_of<tls_version>({{"1.2", tls_version::v1_2},
                                        {"1.3", tls_version::v1_3}})),
      },
      finish_tls);
}

section<retry_budget_settings> retry_budget_table() {
  using s = retry_budget_settings;
  return make_section<s>({
      value<s>({.key = "ratio",
                .help = "Retries for each request, so that a server that fails "
                        "is not loaded with much more than it gets anyway.",
                .example = "0.1"},
               &s::ratio, decimal(0, 10)),
      value<s>({.key = "min_per_second",
                .help = "Retries that are allowed however few requests there "
                        "are.",
                .example = "1"},
               &s::min_per_second, decimal(0, 10'000)),
  });
}

section<breaker_settings> breaker_table() {
  using s = breaker_settings;
  return make_section<s>({
      value<s>({.key = "enabled",
                .help = "`false`: the circuit never opens.",
                .example = "false"},
               &s::enabled, yes_or_no()),
      value<s>({.key = "consecutive_failures",
                .help = "Failures in a row that open the circuit. Only what is "
                        "worth a retry counts: time-outs, broken connections, "
                        "408, 425, 429 and 5xx.",
                .example = "10"},
               &s::consecutive_failures, integer<unsigned>(1, 1'000'000)),
      value<s>({.key = "failure_ratio",
                .help = "The part of the calls within `window` that opens it.",
                .example = "0.8"},
               &s::failure_ratio, decimal(0.01, 1)),
      value<s>({.key = "min_calls",
                .help = "Calls within `window` before the ratio counts.",
                .example = "50"},
               &s::min_calls, integer<unsigned>(1, 1'000'000)),
      value<s>({.key = "window",
                .help = "How far back the ratio looks.",
                .example = "1m"},
               &s::window, duration(100ms, 1h)),
      value<s>({.key = "open_for",
                .help = "How long an open circuit lets nothing through; up to "
                        "a fifth longer, at random, so that nodes do not come "
                        "back in step.",
                .example = "5s"},
               &s::open_for, duration(1ms, 1h)),
      value<s>({.key = "half_open_probes",
                .help = "Calls at a time that then try whether it works again.",
                .example = "3"},
               &s::half_open_probes, integer<unsigned>(1, 1000)),
      value<s>({.key = "success_threshold",
                .help = "Probes in a row that close the circuit.",
                .example = "5"},
               &s::success_threshold, integer<unsigned>(1, 1000)),
  });
}

section<concurrency_settings> concurrency_table() {
  using s = concurrency_settings;
  return make_section<s>({
      value<s>(
          {.key = "mode",
           .help = "`fixed`: as many calls at a time as `max_in_flight` "
                   "says. `adaptive`: as many as the server answers "
                   "without getting slower, `max_in_flight` at most.",
           .example = "adaptive"},
          &s::mode,
          one_of<concurrency_mode>({{"fixed", concurrency_mode::fixed},
                                    {"adaptive", concurrency_mode::adaptive}})),
      value<s>({.key = "min_in_flight",
                .help = "With `adaptive`: calls that are always allowed.",
                .example = "1"},
               &s::min_in_flight, integer<std::size_t>(1, most_items)),
      value<s>({.key = "tolerance",
                .help = "With `adaptive`: how many times the best latency of "
                        "late a call may take before it counts as too slow.",
                .example = "1.5"},
               &s::tolerance, decimal(1.1, 100)),
  });
}

section<batch_settings> batch_table() {
  using s = batch_settings;
  return make_section<s>({
      value<s>({.key = "max_events",
                .help = "Events in one call, as a JSON array, or a batch of "
                        "CloudEvents where `format` says so; 1: each event is "
                        "a call of its own.",
                .example = "32"},
               &s::max_events, integer<std::size_t>(1, 10'000)),
      value<s>({.key = "max_wait",
                .help = "How long the first event of a batch waits for others "
                        "to join it.",
                .example = "10ms"},
               &s::max_wait, duration(1ms, 10s)),
      value<s>({.key = "max_bytes",
                .help = "The largest body of a batch; an event that is larger "
                        "goes alone.",
                .example = "256KiB"},
               &s::max_bytes, size(1, gib)),
  });
}

bool is_https(const server_settings& server) {
  return server.url.starts_with("https:");
}

void check_proxy(const server_settings& server, const section_view& view,
                 reader& in) {
  const auto given = view.find(server_key::proxy);
  if (given && server.proxy && !server.proxy->empty() &&
      !server.proxy->reveal().starts_with("http://"))
    in.report(*given, "must be none or http://[user:password@]host[:port]");
}

void finish_server(server_settings& server, const section_view& view,
                   reader& in) {
  if (server.proxy && server.proxy->reveal() == "none")
    server.proxy = secret{};
  check_proxy(server, view, in);
  if (const auto given = view.find(server_key::tls);
      given && view.given(server_key::url) && view.sound(server_key::url) &&
      !is_https(server))
    in.report(given->key_where, given->path,
              "means nothing with an http:// url", "use https://");
  // Where nothing adapts, the least does not matter.
  if (server.concurrency.mode == concurrency_mode::adaptive &&
      server.concurrency.min_in_flight > server.max_in_flight)
    in.report(view.blame({server_key::concurrency, server_key::max_in_flight}),
              "min_in_flight must not be more than max_in_flight");
}

void put_proxy(server_settings& server, secret value) {
  server.proxy = std::move(value);
}

secret show_proxy(const server_settings& server) {
  return server.proxy->empty() ? secret("none") : *server.proxy;
}

std::vector<field<server_settings>> where_fields() {
  using s = server_settings;
  return {
      value<s>({.key = server_key::url,
                .help = "Scheme, host, perhaps a port and a base path.",
                .example = "https://mfo.example.com",
                .required = true},
               &s::url,
               text("URL", "http or https; no user, query or fragment",
                    parse_server_url)),
      nested<s>({.key = "auth", .help = "Who this node is to the server."},
                &s::auth, auth_table()),
      nested<s>({.key = server_key::tls,
                 .help = "TLS to the server: always verified, 1.2 at least."},
                &s::tls, tls_table())
          .only_if(is_https),
      secret_url<s>({.key = server_key::proxy,
                     .help = "`http://[user:password@]host[:port]`, or "
                             "`none`.",
                     .example = "http://proxy.example.com:3128",
                     .default_text = "as `HTTPS_PROXY`, `http_proxy` and "
                                     "`NO_PROXY` of the environment say"},
                    put_proxy,
                    [](const s& server) { return show_proxy(server); })
          .only_if([](const s& server) { return server.proxy.has_value(); }),
      value<s>(
          {.key = "format",
           .help = "How an event is written: `mfo`, or `cloudevents` "
                   "(1.0, structured mode).",
           .example = "cloudevents"},
          &s::format,
          one_of<event_format>({{"mfo", event_format::mfo},
                                {"cloudevents", event_format::cloudevents}})),
      value<s>({.key = "memory",
                .help = "Which form of the memory API the server speaks: "
                        "`keyed` (`/api/memory/{key}`) or `set_get` "
                        "(`/api/memory/set`, `/api/memory/get?key=`).",
                .example = "set_get"},
               &s::memory,
               one_of<memory_form>({{"keyed", memory_form::keyed},
                                    {"set_get", memory_form::set_get}})),
      nested<s>({.key = "paths",
                 .help = "Where the server has what. Its documents disagree "
                         "on some of these paths."},
                &s::paths, path_table()),
  };
}

std::vector<field<server_settings>> bound_fields() {
  using s = server_settings;
  return {
      value<s>({.key = "connect_timeout",
                .help = "For a new connection: DNS, TCP, proxy and TLS "
                        "together.",
                .example = "1s"},
               &s::connect_timeout, duration(1ms, 1h)),
      value<s>({.key = "request_timeout",
                .help = "For one try, connecting included.",
                .example = "5s"},
               &s::request_timeout, duration(1ms, 1h)),
      value<s>({.key = "probe_interval",
                .help = "When nothing was sent to the server for so long, "
                        "`HEAD /` is, without credentials, so that it is known "
                        "whether it is there before an event needs it. Any "
                        "answer will do. `0s`: never.",
                .example = "5m"},
               &s::probe_interval, duration(0ms, 24h)),
      value<s>({.key = "idle_timeout",
                .help = "How long a connection without requests is kept.",
                .example = "10s"},
               &s::idle_timeout, duration(1ms, 1h)),
      value<s>({.key = server_key::max_in_flight,
                .help = "Calls on the wire at a time; each has a connection of "
                        "its own.",
                .example = "128"},
               &s::max_in_flight, integer<std::size_t>(1, most_items)),
      value<s>({.key = "max_waiting",
                .help = "Calls that wait for their turn or between two tries, "
                        "each event of a batch counted; beyond it an event is "
                        "answered 503 at once.",
                .example = "1024",
                .default_text = "what is left of the server's share of "
                                "`limits.max_in_flight`"},
               &s::max_waiting, integer<std::size_t>(1, most_items))
          .only_if([](const s& server) { return server.max_waiting != 0; }),
      value<s>({.key = "max_response",
                .help = "The largest body of an answer of the server.",
                .example = "256KiB"},
               &s::max_response, size(1, gib)),
  };
}

std::vector<field<server_settings>> failure_fields() {
  using s = server_settings;
  return {
      value<s>({.key = "retry",
                .help = "The policy, of `retries`, by which a failed call is "
                        "tried again.",
                .example = "patient"},
               &s::retry_policy,
               text("name", "of an entry of `retries`", parse_id)),
      nested<s>({.key = "retry_budget",
                 .help = "How many retries there may be in all."},
                &s::retry_budget, retry_budget_table()),
      nested<s>({.key = "breaker",
                 .help = "The circuit breaker: when a server is left alone."},
                &s::breaker, breaker_table()),
      nested<s>({.key = server_key::concurrency,
                 .help = "Whether the number of calls at a time adapts."},
                &s::concurrency, concurrency_table()),
      nested<s>(
          {.key = "batch", .help = "Whether several events go in one call."},
          &s::batch, batch_table()),
  };
}

} // namespace

section<server_settings> server_table() {
  std::vector<field<server_settings>> fields;
  for (const auto& group : {where_fields(), bound_fields(), failure_fields()})
    fields.insert(fields.end(), group.begin(), group.end());
  return make_section<server_settings>(std::move(fields), finish_server);
}

} // namespace mfo::config
