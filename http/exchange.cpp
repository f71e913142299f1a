#include "http/exchange.hpp"

#include "http/gathered_answer.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace mfo::http {

exchange::exchange(core::event_ptr event, std::size_t endpoint,
                   std::unique_ptr<responder> sender,
                   core::admission::permit room, exchange_services_ptr services,
                   telemetry::ledger::entry account)
  : event_(std::move(event)), endpoint_(endpoint), sender_(std::move(sender)),
    room_(std::move(room)), services_(std::move(services)),
    account_(std::move(account)),
    story_(services_->observer.events->begin(event_)) {}

exchange::exchange(core::event_ptr event, std::size_t endpoint,
                   std::unique_ptr<responder> sender,
                   core::admission::permit room, exchange_services_ptr services)
  : exchange(std::move(event), endpoint, std::move(sender), std::move(room),
             std::move(services), telemetry::ledger::entry{}) {
  account_ = services_->observer.metrics->events()->open(endpoint_,
                                                         event_->received_unix);
}

exchange::~exchange() {
  finish(core::refused(core::errc::internal_error, "never finished"));
}

void exchange::acknowledge() noexcept {
  if (!sender_ || acknowledged_)
    return;
  acknowledged_ = true;
  remember(is_held() ? core::delivery_end::held : core::delivery_end::taken);
  const auto now = std::chrono::steady_clock::now();
  story_.acknowledged(now);
  services_->observer.metrics->event_answered(endpoint_,
                                              now - event_->received_at);
  if (sender_->waits_for_the_end())
    return;
  const auto sender = std::exchange(sender_, nullptr);
  sender->send(
      make_acceptance(event_->id, config::to_string(event_->endpoint->ack)));
}

void exchange::finish(const core::outcome& result) noexcept {
  if (std::exchange(finished_, true))
    return;
  const auto now = std::chrono::steady_clock::now();
  const std::chrono::duration<double> took = now - event_->received_at;
  if (!acknowledged_ || (is_held() && result.delivered()))
    remember(result.delivered() ? core::delivery_end::taken
                                : core::delivery_end::failed);
  // First the books, then the answer: who has the answer finds it counted.
  settle(result, now);
  try {
    if (!acknowledged_)
      services_->observer.metrics->event_answered(endpoint_, took);
    report(result, took.count() * 1000);
  } catch (const std::exception&) {
    // Out of memory while reporting; the sender is answered all the same.
  }
  if (slip_)
    slip_->ended(*event_, result, acknowledged_);
  if (const auto sender = std::exchange(sender_, nullptr))
    sender->send(make_answer(result, event_->id));
  slip_ = nullptr;
}

void exchange::settle(const core::outcome& result, time_point now) {
  if (!result.delivered() && acknowledged_) {
    story_.undelivered(now);
    services_->office->take({event_, result, std::move(room_),
                             std::exchange(account_, {}), settled(), secured(),
                             std::move(story_)});
    return;
  }
  room_ = {};
  story_.end({.outcome = result, .at = now});
  // First: a node that has nothing in its books says good-bye, and peers take
  // over what they were not told to let go.
  if (const auto tell = settled())
    tell();
  if (result.delivered())
    account_.delivered();
  else
    account_.refused(*result.error);
}

/// Empty where nobody wants to know.
std::function<void()> exchange::settled() const {
  if (!services_->settled ||
      (!services_->settles_all &&
       event_->endpoint->ack != config::ack_mode::replicated))
    return {};
  return [tell = services_->settled, ev = event_] {
    tell(*ev);
  };
}

/// Empty where nobody wants to know.
std::function<void()> exchange::secured() const {
  if (!services_->remember || !event_->named_by_sender || !is_held())
    return {};
  return [tell = services_->remember, ev = event_] {
    tell(ev, core::delivery_end::taken);
  };
}

bool exchange::is_held() const noexcept {
  return acknowledged_ && event_->endpoint->ack != config::ack_mode::replicated;
}

/// What a repetition of the delivery is from now on.
void exchange::remember(core::delivery_end end) noexcept {
  if (services_->remember && event_->named_by_sender)
    services_->remember(event_, end);
}

std::vector<core::admission::permit>
exchange::rooms_for(const std::vector<core::event_ptr>& events) {
  std::vector<core::admission::permit> rooms;
  for (const auto& each : events) {
    const auto size = each->payload_size;
    if (rooms.empty()) {
      const auto had = event_->payload_size;
      if (size > had && !room_.extend(size - had))
        return {};
      rooms.push_back(std::move(room_));
    } else if (auto more = rooms.front().another(size)) {
      rooms.push_back(*std::move(more));
    } else {
      return {};
    }
  }
  return rooms;
}

std::vector<std::shared_ptr<exchange>>
exchange::divide(const std::vector<core::event_ptr>& events) {
  if (finished_)
    return {};
  auto rooms = rooms_for(events);
  if (rooms.empty()) {
    finish(core::refused(core::errc::saturated,
                         "no room for what the body holds"));
    return {};
  }
  finished_ = true;
  story_.replaced();
  auto senders = gather_answers(std::move(sender_), events.size());
  std::vector<std::shared_ptr<exchange>> parts;
  parts.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    auto account = i == 0 ? std::move(account_)
                          : services_->observer.metrics->events()->open(
                                endpoint_, event_->received_unix);
    parts.emplace_back(new exchange{events[i], endpoint_, std::move(senders[i]),
                                    std::move(rooms[i]), services_,
                                    std::move(account)});
    parts.back()->record(slip_);
  }
  slip_ = nullptr;
  return parts;
}

void exchange::report(const core::outcome& result, double took_ms) const {
  auto& log = *services_->observer.log;
  if (result.delivered()) {
    log.info("event delivered",
             {{"event_id", event_->id},
              {"endpoint", event_->endpoint->id},
              {"stage", core::to_string(event_->where.where())},
              {"duration_ms", took_ms},
              {"attempts", result.attempts}});
    return;
  }
  const auto left_out = services_->observer.refusals->take(
      *result.error, std::chrono::steady_clock::now());
  if (!left_out)
    return;
  const auto& entry = core::describe(*result.error);
  // The office has a line for what it was given.
  const auto write = acknowledged_         ? &telemetry::log::debug
                     : entry.status < 400  ? &telemetry::log::info
                     : entry.status == 500 ? &telemetry::log::error
                                           : &telemetry::log::warn;
  (log.*write)(acknowledged_ ? "event undelivered" : "event refused",
               {{"event_id", event_->id},
                {"endpoint", event_->endpoint->id},
                {"stage", core::to_string(event_->where.where())},
                {"reason", entry.slug},
                {"status", entry.status},
                {"duration_ms", took_ms},
                {"attempts", result.attempts},
                {"upstream_status", result.upstream_status},
                {"source", event_->client.to_string()},
                {"detail", result.detail},
                {"left_out", *left_out}});
}

} // namespace mfo::http
