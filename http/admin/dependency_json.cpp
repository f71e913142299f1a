#include "http/admin/dependency_json.hpp"

#include "core/rfc3339.hpp"

#include <cmath>

namespace mfo::http {

namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::string written(std::chrono::steady_clock::time_point when,
                    const moment& now) {
  return core::to_rfc3339(duration_cast<milliseconds>(
      now.wall.time_since_epoch() - (now.steady - when)));
}

/// To two places: a day has 864 seconds of its hundredth part.
double days_left(std::chrono::sys_seconds end, const moment& now) {
  constexpr double hundredths = 100;
  using days = std::chrono::duration<double, std::chrono::days::period>;
  return std::round(days{end - now.wall}.count() * hundredths) / hundredths;
}

} // namespace

json to_json(const std::vector<dependency>& all, const moment& now) {
  using ms = std::chrono::duration<double, std::milli>;
  auto list = json::array();
  for (const auto& each : all) {
    json one{{"kind", each.kind}, {"name", each.name}, {"up", each.up}};
    if (!each.up)
      one["detail"] = each.detail;
    if (each.last_success)
      one["last_success"] = written(*each.last_success, now);
    if (each.latency)
      one["latency_ms"] = ms{*each.latency}.count();
    if (each.certificate_end)
      one["certificate_days_left"] = days_left(*each.certificate_end, now);
    list.push_back(std::move(one));
  }
  return list;
}

json to_json(const std::vector<source>& all, const moment& now) {
  using seconds = std::chrono::duration<double>;
  auto list = json::array();
  for (const auto& each : all) {
    json one{{"endpoint", each.endpoint}, {"silent", each.silent}};
    if (each.last_event)
      one["last_event"] = written(*each.last_event, now);
    if (each.patience)
      one["silent_after_seconds"] = seconds{*each.patience}.count();
    list.push_back(std::move(one));
  }
  return list;
}

} // namespace mfo::http
