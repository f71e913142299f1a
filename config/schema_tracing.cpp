#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace tracing_key {
constexpr auto url = "url";
constexpr auto headers = "headers";
constexpr auto max_queue = "max_queue";
constexpr auto max_batch = "max_batch";
} // namespace tracing_key

using s = tracing_settings;

constexpr std::size_t most_headers = 16;

/// Headers by name, their values secrets.
field<s> header_map(key_spec spec) {
  spec.type = "map of secrets";
  spec.range = fmt::format("1 to {}", most_headers);
  spec.secret = true;
  const auto key = spec.key;
  return {std::move(spec),
          [](s& values, const cursor& at, reader& in) {
            for (const auto& [name, item] :
                 in.read_map(at, most_headers, parse_token_header_name))
              if (auto found = in.read_secret(item)) {
                if (!is_header_value(found->reveal()))
                  in.report(item, "must be visible ASCII characters and "
                                  "spaces, as the value of a header");
                values.headers.push_back({name, *std::move(found)});
              }
          },
          [key](const s& values, YAML::Emitter& out) {
            if (values.headers.empty())
              return;
            write_key(out, key);
            write_map(out, [&] {
              for (const auto& each : values.headers) {
                write_key(out, each.name);
                write_hidden(out);
              }
            });
          }};
}

void finish_tracing(s& tracing, const section_view& view, reader& in) {
  check_order(view, tracing_key::max_batch, tracing.max_batch,
              tracing_key::max_queue, tracing.max_queue, in);
  if (const auto given = view.find(tracing_key::headers);
      given && !view.given(tracing_key::url))
    in.report(given->key_where, given->path, "means nothing without url");
}

} // namespace

section<tracing_settings> tracing_table() {
  return make_section<s>(
      {
          value<s>({.key = tracing_key::url,
                    .help = "Where spans are posted, as OTLP/HTTP in JSON; a "
                            "collector's path is `/v1/traces`. Without it, no "
                            "spans are made.",
                    .example = "http://127.0.0.1:4318/v1/traces",
                    .default_text = "none"},
                   &s::url,
                   text("URL", "http or https; no user, query or fragment",
                        parse_callback_url))
              .only_if([](const s& values) { return values.on(); }),
          value<s>({.key = "sample_ratio",
                    .help = "How many of the traces that begin here are "
                            "sampled: 0 none, 1 all. Of a trace that a sender "
                            "began, its `traceparent` says so.",
                    .example = "0.1"},
                   &s::sample_ratio, decimal(0, 1)),
          header_map({.key = tracing_key::headers,
                      .help = "Headers of these requests, such as a token, by "
                              "name.",
                      .example = "{X-Api-Key: \"${COLLECTOR_KEY}\"}",
                      .default_text = "none"}),
          value<s>({.key = "service_name",
                    .help = "What a tracing system calls the service: "
                            "`service.name`.",
                    .example = "webhooks"},
                   &s::service_name,
                   text("text", "visible characters", parse_visible_text)),
          file_path<s>({.key = "ca_file",
                        .help = "Certificates of authorities to trust with an "
                                "https URL, in place of the system's, PEM.",
                        .example = "/etc/mfo/internal-ca.pem",
                        .default_text = "none"},
                       &s::ca_file),
          value<s>({.key = "interval",
                    .help = "How long a span waits for others before it is "
                            "posted with them.",
                    .example = "1s"},
                   &s::interval, duration(10ms, 10min)),
          value<s>({.key = tracing_key::max_queue,
                    .help = "Spans that wait to be posted, about 1 KiB each; "
                            "those that come beyond it are dropped, and "
                            "counted.",
                    .example = "10000"},
                   &s::max_queue, integer<std::size_t>(1, most_items)),
          value<s>({.key = tracing_key::max_batch,
                    .help = "Spans of one request; as many are posted at once. "
                            "At most `max_queue`.",
                    .example = "100"},
                   &s::max_batch, integer<std::size_t>(1, 10'000)),
          value<s>(
              {.key = "timeout", .help = "For one request.", .example = "2s"},
              &s::timeout, duration(1ms, 10min)),
      },
      finish_tracing);
}

} // namespace mfo::config
