#include "node/source_watch.hpp"

#include "config/units.hpp"

#include <algorithm>
#include <utility>

namespace mfo::node {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

/// What the settings say, or else what was learned.
std::optional<source_watch::clock::duration>
patience_with(const config::endpoint_settings& endpoint,
              const core::silence& silence,
              source_watch::clock::time_point now) {
  if (endpoint.silent_after == config::never_silent)
    return std::nullopt;
  if (endpoint.silent_after.count() > 0)
    return endpoint.silent_after;
  return silence.patience(now);
}

} // namespace

void source_watch::look(const std::vector<config::endpoint_settings>& endpoints,
                        clock::time_point now) {
  const auto counts = events_->genuine();
  std::vector<http::source> found;
  for (const auto& endpoint : endpoints) {
    const auto count = counts.find(endpoint.id);
    if (count == counts.end())
      continue;
    auto& known =
        entries_.try_emplace(endpoint.id, entry{.since = now}).first->second;
    if (std::exchange(known.genuine, count->second) < count->second)
      known.silence.heard(now);
    auto& one = found.emplace_back();
    one.endpoint = endpoint.id;
    one.last_event = known.silence.last();
    one.patience = patience_with(endpoint, known.silence, now);
    one.silent = one.patience &&
                 now - one.last_event.value_or(known.since) > *one.patience;
    if (std::exchange(known.silent, one.silent) != one.silent)
      tell(one, now);
  }
  std::erase_if(entries_, [&](const auto& each) {
    return std::ranges::find(found, each.first, &http::source::endpoint) ==
           found.end();
  });
  const std::lock_guard lock{mutex_};
  last_ = std::move(found);
}

void source_watch::tell(const http::source& what, clock::time_point now) const {
  if (!what.silent) {
    log_->info("source heard again", {{"endpoint", what.endpoint}});
    return;
  }
  const auto written = [](clock::duration time) {
    return config::format_duration(duration_cast<seconds>(time));
  };
  log_->warn("source silent",
             {{"endpoint", what.endpoint},
              {"for", what.last_event ? written(now - *what.last_event)
                                      : std::string{"ever"}},
              {"longer_than", written(*what.patience)}});
}

std::vector<http::source> source_watch::sources() const {
  const std::lock_guard lock{mutex_};
  return last_;
}

} // namespace mfo::node
