#include "actors/event_source.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>
#include <variant>

namespace mfo::actors {

namespace {

using core::errc;

/// For whom there is nobody to tell.
class nobody final : public http::responder {
public:
  void send(http::answer) noexcept override {}
};

} // namespace

event_source::event_source(deps given)
  : deps_(std::move(given)),
    generation_(std::exchange(deps_.origin.generation, nullptr)) {
  const auto& book = *deps_.services->observer.metrics->events();
  for (const auto& each : deps_.endpoints)
    by_id_.emplace(
        each.id,
        endpoint{book.index_of(each.id),
                 std::make_shared<const config::endpoint_settings>(each)});
  for (auto& each : triggers_of(deps_.workflows))
    if (std::holds_alternative<taskflow::event_trigger>(each.get().config))
      by_type_.push_back(std::move(each));
}

tl::expected<std::string, errc>
event_source::take(const offer& what, std::unique_ptr<http::responder> sender) {
  const auto& trigger = by_id_.find(what.trigger)->second;
  const auto refuse = [&](errc why) {
    const auto now = deps_.now();
    deps_.services->observer.metrics->events()->received_and_refused(
        trigger.index, why, now.unix_time);
    deps_.services->observer.events->refused(
        {.id = id_of(what, now),
         .delivery_id = std::string{what.delivery_id},
         .endpoint = std::string{what.trigger},
         .type = std::string{what.type},
         .received = now.steady,
         .received_unix = now.unix_time,
         .size = what.payload.size(),
         .state = telemetry::event_state::refused,
         .reason = why,
         .ended = telemetry::event_record::microseconds{0}});
    deps_.services->observer.log->warn("event refused",
                                       {{"endpoint", what.trigger},
                                        {"stage", "source"},
                                        {"reason", core::describe(why).slug},
                                        {"type", what.type},
                                        {"source", what.source}});
    return tl::unexpected{why};
  };
  if (const auto phase = deps_.state->phase();
      phase != http::node_phase::ready &&
      (phase != http::node_phase::draining || what.hops == 0))
    return refuse(errc::draining);
  if (what.payload.size() > deps_.max_payload)
    return refuse(errc::payload_too_large);
  if (what.hops > deps_.max_hops)
    return refuse(errc::taskflow_errored);
  auto room = deps_.room->admit(what.payload.size());
  if (!room)
    return refuse(errc::saturated);
  const auto event = [&] {
    const std::lock_guard lock{mutex_};
    auto& origin = deps_.origin;
    origin.generation = generation_.lock();
    auto made = core::make_event({.payload = what.payload,
                                  .type = what.type,
                                  .source = what.source,
                                  .delivery_id = what.delivery_id,
                                  .traceparent = what.traceparent,
                                  .tracestate = what.tracestate,
                                  .content_type = "application/json",
                                  .proven = true,
                                  .hops = what.hops},
                                 trigger.settings, origin, deps_.now());
    origin.generation.reset();
    return made;
  }();
  auto id = event->id;
  if (!sender)
    sender = std::make_unique<nobody>();
  deps_.admit(
      std::make_shared<http::exchange>(event, trigger.index, std::move(sender),
                                       *std::move(room), deps_.services));
  return id;
}

/// That it would have had.
std::string event_source::id_of(const offer& what, core::instant now) {
  const std::lock_guard lock{mutex_};
  return core::make_event_id(what.trigger, what.delivery_id, now,
                             deps_.origin.random);
}

bool event_source::inherit(core::event_ptr event) {
  const auto known = by_id_.find(event->endpoint->id);
  auto room = deps_.room->admit(event->payload_size);
  if (!room || known == by_id_.end())
    return false;
  // Other nodes hold it, or it was handed over, whatever its `ack` is.
  auto services = std::make_shared<http::exchange_services>(*deps_.services);
  services->settles_all = true;
  auto exchange = std::make_shared<http::exchange>(
      std::move(event), known->second.index, std::make_unique<nobody>(),
      *std::move(room), std::move(services));
  exchange->acknowledge();
  deps_.admit(std::move(exchange));
  return true;
}

core::outcome event_source::pass_on(const core::event& event) {
  core::outcome result;
  for (const auto& each : asking_for(by_type_, event.type())) {
    const auto id = each.id();
    const auto taken = take({.trigger = id,
                             .payload = event.payload(),
                             .type = event.type(),
                             .source = event.source(),
                             .delivery_id = event.id,
                             .traceparent = event.traceparent,
                             .tracestate = event.tracestate,
                             .hops = event.hops + 1});
    if (!taken && !result.error)
      result = core::refused(
          taken.error(),
          fmt::format("the server has the event, but the trigger {} does not "
                      "take it{}",
                      id,
                      event.hops < deps_.max_hops
                          ? ""
                          : "; too many in a row came of one another"));
  }
  return result;
}

} // namespace mfo::actors
