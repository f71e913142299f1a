#include "http/admin/history_json.hpp"

#include "core/rfc3339.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;
using telemetry::answer_times;
using telemetry::history;
using totals = telemetry::ledger::totals;

constexpr std::pair<const char*, std::uint64_t totals::*> counts[]{
    {"received", &totals::received}, {"delivered", &totals::delivered},
    {"refused", &totals::refused},   {"dead_lettered", &totals::dead_lettered},
    {"failed", &totals::failed},     {"in_flight", &totals::in_flight}};

constexpr std::pair<const char*, answer_times::seconds answer_times::*>
    quantiles[]{{"p50", &answer_times::p50},
                {"p95", &answer_times::p95},
                {"p99", &answer_times::p99}};

json quantile_of(const std::optional<history::step>& step,
                 answer_times::seconds answer_times::*which) {
  if (!step || !step->answers)
    return nullptr;
  return std::chrono::duration<double, std::milli>{(*step->answers).*which}
      .count();
}

} // namespace

json to_json(const history::view& seen) {
  json value{{"step_seconds", seen.length.count()},
             {"from", core::to_rfc3339(seen.from)}};
  for (const auto& [name, which] : counts) {
    auto& list = value[name] = json::array();
    for (const auto& each : seen.steps)
      list.push_back(each ? json(each->events.*which) : json{});
  }
  for (const auto& [name, which] : quantiles) {
    auto& list = value[name] = json::array();
    for (const auto& each : seen.steps)
      list.push_back(quantile_of(each, which));
  }
  return value;
}

} // namespace mfo::http
