// What it costs an event that it is told of.

#include "bench/stages/fixtures.hpp"
#include "bench/stages/stage.hpp"
#include "telemetry/event_book.hpp"

#include <chrono>
#include <memory>

namespace mfo::bench {

namespace {

using namespace std::chrono_literals;

/// The way through the stages, as every event goes it.
step marks() {
  struct parts {
    std::shared_ptr<core::stage_depths> depths =
        std::make_shared<core::stage_depths>();
    core::destinations_ptr to = std::make_shared<const core::destinations>(
        core::destinations{"default"});
  };
  return [it = std::make_shared<parts>()] {
    core::stage_marker marker{it->depths, core::stage::intake};
    core::trail trail;
    for (const auto each :
         {core::stage::validator, core::stage::router, core::stage::task_runner,
          core::stage::mfo_connector})
      marker.move_to(each, core::stage_marker::time_point{1h});
    trail.routed(it->to);
    return marker.where() == core::stage::mfo_connector;
  };
}

/// From the beginning to the end, in a book that is full.
step event_book() {
  struct parts {
    telemetry::event_book book{{.keep = 200}};
    core::event_ptr event = event_of(an_endpoint(), payload_of(1024));
    core::outcome how;
  };
  return [it = std::make_shared<parts>()] {
    auto entry = it->book.begin(it->event);
    entry.end({.outcome = it->how, .at = it->event->received_at + 1ms});
    return true;
  };
}

/// The ledger, and the histograms that an event is counted in.
step metrics() {
  struct parts {
    telemetry::observer observer = an_observer();
    std::size_t account = observer.metrics->events()->index_of("hook");
  };
  return [it = std::make_shared<parts>()] {
    auto& all = *it->observer.metrics;
    auto entry = all.events()->open(it->account, signing_time);
    all.upstream().tried(0, 0, telemetry::try_result::success, 2ms, false);
    all.event_answered(it->account, 2ms);
    entry.delivered();
    return true;
  };
}

/// A line that is not written.
step log_off() {
  return [log = an_observer().log, event = event_of(an_endpoint(), "{}")] {
    log->info("event delivered", {{"event_id", event->id},
                                  {"endpoint", event->endpoint->id},
                                  {"stage", "mfo_connector"},
                                  {"duration_ms", 1.5},
                                  {"attempts", 1}});
    return !log->enabled(config::log_level::info);
  };
}

} // namespace

std::vector<stage> telemetry_stages() {
  return {{"marks", marks},
          {"event_book", event_book},
          {"metrics", metrics},
          {"log_off", log_off}};
}

} // namespace mfo::bench
