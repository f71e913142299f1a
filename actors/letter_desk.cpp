#include "actors/letter_desk.hpp"

#include <utility>

namespace mfo::actors {

namespace {

constexpr std::chrono::minutes sum_up_every{1};

double age_ms(const core::event& event) {
  return std::chrono::duration<double, std::milli>{
      std::chrono::steady_clock::now() - event.received_at}
      .count();
}

} // namespace

letter_desk::letter_desk(telemetry::observer observer)
  : observer_(std::move(observer)) {}

void letter_desk::offered(const item& what) {
  const std::lock_guard lock{mutex_};
  offered_.insert(what);
}

void letter_desk::written(const item& what, const std::string& sink) {
  // Locked all the time: another thread may be about to give it up for lost,
  // and who waits for the answer is to find it counted.
  const std::lock_guard lock{mutex_};
  what->room = {};
  // Before it is counted, as in http/exchange.cpp.
  if (what->settled)
    what->settled();
  if (what->secured)
    what->secured();
  what->account.dead_lettered(*what->why.error);
  what->story.end({.outcome = what->why,
                   .at = clock::now(),
                   .as = telemetry::event_state::dead_lettered,
                   .sink = sink});
  const auto& event = *what->event;
  observer_.log->warn("event dead-lettered",
                      {{"event_id", event.id},
                       {"endpoint", event.endpoint->id},
                       {"server", event.endpoint->server},
                       {"sink", sink},
                       {"reason", core::describe(*what->why.error).slug},
                       {"duration_ms", age_ms(event)},
                       {"attempts", what->why.attempts},
                       {"upstream_status", what->why.upstream_status},
                       {"detail", what->why.detail}});
  offered_.erase(what);
  named_.erase(what);
  answered_.notify_all();
}

void letter_desk::refused(const item& what, const std::string& error) {
  const std::lock_guard lock{mutex_};
  const bool was_lost = offered_.erase(what) == 0;
  answered_.notify_all();
  if (was_lost)
    return;
  if (closed_) {
    lose(what, error);
    return;
  }
  last_error_ = error;
  if (named_.insert(what).second)
    observer_.log->error("no sink takes a dead letter",
                         {{"event_id", what->event->id},
                          {"endpoint", what->event->endpoint->id},
                          {"reason", core::describe(*what->why.error).slug},
                          {"detail", error}});
  kept_.push_back(what);
}

std::vector<letter_desk::item> letter_desk::take_kept() {
  const std::lock_guard lock{mutex_};
  return std::exchange(kept_, {});
}

void letter_desk::sum_up(clock::time_point now) {
  const std::lock_guard lock{mutex_};
  if (named_.empty()) {
    sum_up_at_.reset();
    return;
  }
  if (!sum_up_at_)
    sum_up_at_ = now + sum_up_every;
  if (now < *sum_up_at_)
    return;
  sum_up_at_ = now + sum_up_every;
  observer_.log->error("dead letters wait for a sink",
                       {{"waiting", named_.size()}, {"detail", last_error_}});
}

void letter_desk::wait_for_answers(clock::time_point until) {
  std::unique_lock lock{mutex_};
  answered_.wait_until(lock, until, [this] { return offered_.empty(); });
}

void letter_desk::close() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  for (const auto& each : std::exchange(kept_, {}))
    lose(each, last_error_);
  for (const auto& each : std::exchange(offered_, {}))
    lose(each, "the node stops, and a sink has not answered yet");
}

std::size_t letter_desk::waiting() const {
  const std::lock_guard lock{mutex_};
  return kept_.size() + offered_.size();
}

/// Requires: the lock is held.
void letter_desk::lose(const item& what, const std::string& error) {
  what->room = {};
  what->account.refused(core::errc::internal_error);
  what->story.end({.outcome = core::refused(core::errc::internal_error, error),
                   .at = clock::now()});
  observer_.log->error("event lost",
                       {{"event_id", what->event->id},
                        {"endpoint", what->event->endpoint->id},
                        {"reason", core::describe(*what->why.error).slug},
                        {"detail", error}});
  named_.erase(what);
}

} // namespace mfo::actors
