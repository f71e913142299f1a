#include "telemetry/metric_table.hpp"

#include "core/errc.hpp"

#include <fmt/format.h>

#include <iterator>

namespace mfo::telemetry {

namespace {

constexpr std::string_view to_string(metric_kind kind) noexcept {
  switch (kind) {
  case metric_kind::counter:
    return "counter";
  case metric_kind::gauge:
    return "gauge";
  case metric_kind::histogram:
    break;
  }
  return "histogram";
}

} // namespace

std::string metrics_reference_markdown() {
  std::string out = R"(# Metrics

<!-- Generated from the table in telemetry/metric_table.hpp. Change it, then run:
     ninja -C build/dev metrics-reference && build/dev/metrics-reference > docs/reference/metrics.md -->

What `GET /metrics` on the admin listener gives, in the Prometheus text format.

At every scrape, summed over the labels:

    mfo_events_received_total = mfo_events_delivered_total
                              + mfo_events_refused_total
                              + mfo_events_dead_lettered_total
                              + mfo_events_handed_over_total
                              + mfo_events_in_flight

| metric | type | labels | meaning |
| --- | --- | --- | --- |
)";
  for (const auto& each : all_metrics)
    fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} | {} |\n",
                   each.name, to_string(each.kind),
                   each.labels.empty() ? "–" : each.labels, each.help);
  out += R"(
## Reasons of a refusal

The label `reason` of `mfo_events_refused_total`, and what the sender is told.

| reason | status | title | detail |
| --- | --- | --- | --- |
)";
  for (const auto& each : core::all_errors())
    fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} | {} |\n",
                   each.slug, each.status, each.title, each.detail);
  return out;
}

} // namespace mfo::telemetry
