#include "http/exchange.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace mfo::http {

exchange::exchange(core::event_ptr event, std::size_t endpoint,
                   std::unique_ptr<responder> sender,
                   core::admission::permit room, telemetry::observer observer,
                   std::shared_ptr<dead_letter_office> office)
  : event_(std::move(event)), endpoint_(endpoint), sender_(std::move(sender)),
    room_(std::move(room)), observer_(std::move(observer)),
    office_(std::move(office)),
    account_(observer_.metrics->events()->open(endpoint)) {}

exchange::~exchange() {
  finish(core::refused(core::errc::internal_error, "never finished"));
}

void exchange::acknowledge() noexcept {
  const auto sender = std::exchange(sender_, nullptr);
  if (!sender)
    return;
  acknowledged_ = true;
  observer_.metrics->event_answered(endpoint_, age());
  sender->send(make_acceptance(event_->id, "received"));
}

void exchange::finish(const core::outcome& result) noexcept {
  if (std::exchange(finished_, true))
    return;
  const auto took = age();
  // First the books, then the answer: who has the answer finds it counted.
  settle(result);
  try {
    if (!acknowledged_)
      observer_.metrics->event_answered(endpoint_, took);
    report(result, took.count() * 1000);
  } catch (const std::exception&) {
    // Out of memory while reporting; the sender is answered all the same.
  }
  if (const auto sender = std::exchange(sender_, nullptr))
    sender->send(make_answer(result, event_->id));
}

void exchange::settle(const core::outcome& result) {
  if (!result.delivered() && acknowledged_) {
    office_->take(
        {event_, result, std::move(room_), std::exchange(account_, {})});
    return;
  }
  room_ = {};
  if (result.delivered())
    account_.delivered();
  else
    account_.refused(*result.error);
}

std::chrono::duration<double> exchange::age() const {
  return std::chrono::steady_clock::now() - event_->received_at;
}

void exchange::report(const core::outcome& result, double took_ms) const {
  auto& log = *observer_.log;
  if (result.delivered()) {
    log.info("event delivered",
             {{"event_id", event_->id},
              {"endpoint", event_->endpoint->id},
              {"stage", core::to_string(event_->where.where())},
              {"duration_ms", took_ms},
              {"attempts", result.attempts}});
    return;
  }
  const auto& entry = core::describe(*result.error);
  // The office has a line for what it was given.
  const auto write = acknowledged_         ? &telemetry::log::debug
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
                {"detail", result.detail}});
}

} // namespace mfo::http
