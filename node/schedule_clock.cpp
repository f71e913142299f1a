#include "node/schedule_clock.hpp"

#include "core/json_text.hpp"
#include "core/rfc3339.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <variant>

namespace mfo::node {

namespace {

using taskflow::schedule_trigger;
using taskflow::ticker;

std::vector<actors::trigger_ref>
schedules_of(const std::vector<actors::trigger_ref>& triggers) {
  std::vector<actors::trigger_ref> found;
  std::ranges::copy_if(
      triggers, std::back_inserter(found), [](const auto& each) {
        return std::holds_alternative<schedule_trigger>(each.get().config);
      });
  return found;
}

const schedule_trigger& schedule_of(const actors::trigger_ref& trigger) {
  return std::get<schedule_trigger>(trigger.get().config);
}

std::vector<taskflow::cron_schedule>
crons_of(const std::vector<actors::trigger_ref>& triggers) {
  std::vector<taskflow::cron_schedule> crons;
  for (const auto& each : triggers)
    crons.push_back(schedule_of(each).schedule);
  return crons;
}

ticker::time now() {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::system_clock::now());
}

} // namespace

schedule_clock::schedule_clock(boost::asio::io_context& io,
                               const std::vector<actors::trigger_ref>& triggers,
                               std::shared_ptr<actors::event_source> source,
                               std::shared_ptr<telemetry::log> log,
                               claim_function claim)
  : triggers_(schedules_of(triggers)), ticker_(crons_of(triggers_), now()),
    source_(std::move(source)), log_(std::move(log)), claim_(std::move(claim)),
    timer_(io) {}

void schedule_clock::begin() {
  if (!triggers_.empty())
    look();
}

void schedule_clock::cancel() {
  cancelled_ = true;
  timer_.cancel();
}

void schedule_clock::hand_over_to(schedule_clock& next) {
  const auto moment = now();
  fire_until(moment);
  cancel();
  next.ticker_ = ticker{crons_of(next.triggers_), moment};
  next.begin();
}

void schedule_clock::fire_until(ticker::time now) {
  for (const auto& each : ticker_.advance(now)) {
    const auto& trigger = triggers_[each.schedule];
    const std::chrono::milliseconds at = each.at.time_since_epoch();
    if (claim_)
      claim_(trigger.id(), at);
    else
      fire_tick(trigger, at);
  }
}

void schedule_clock::look() {
  fire_until(now());
  if (const auto missed = ticker_.missed(); missed != told_missed_) {
    told_missed_ = missed;
    log_->warn("schedule missed",
               {{"ticks", missed},
                {"detail", "the clock was put forward, or the node stood "
                           "still; they are not made up for"}});
  }
  std::chrono::system_clock::duration wait = longest_wait;
  if (const auto next = ticker_.next())
    wait = std::clamp<std::chrono::system_clock::duration>(
        *next - std::chrono::system_clock::now(), std::chrono::milliseconds{1},
        wait);
  timer_.expires_after(wait);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !cancelled_)
      look();
  });
}

void schedule_clock::fire(const std::string& trigger,
                          std::chrono::milliseconds at) const {
  for (const auto& each : triggers_)
    if (each.id() == trigger)
      fire_tick(each, at);
}

void schedule_clock::fire_tick(const actors::trigger_ref& trigger,
                               std::chrono::milliseconds when) const {
  const auto id = trigger.id();
  const auto at = core::to_rfc3339(when);
  std::string payload{R"({"scheduled_at":)"};
  core::append_json_string(payload, at);
  payload += R"(,"cron_expression":)";
  core::append_json_string(payload, schedule_of(trigger).cron_expression);
  payload += R"(,"timezone":)";
  core::append_json_string(payload, schedule_of(trigger).time_zone);
  payload += '}';
  // Each node that has the trigger gives this tick the same id.
  static_cast<void>(source_->take({.trigger = id,
                                   .payload = payload,
                                   .type = "schedule.tick",
                                   .source = "schedule/" + id,
                                   .delivery_id = at}));
}

} // namespace mfo::node
