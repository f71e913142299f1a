#include "telemetry/history.hpp"

#include <algorithm>

namespace mfo::telemetry {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds fine_step{10};
constexpr seconds coarse_step{60};
/// So many fine steps back the last minute begins.
constexpr std::size_t steps_of_a_minute = minutes{1} / fine_step;

history::step step_between(const history::sample& before,
                           const history::sample& after) {
  const auto& from = before.events;
  const auto& to = after.events;
  return {.events = {.received = to.received - from.received,
                     .delivered = to.delivered - from.delivered,
                     .refused = to.refused - from.refused,
                     .dead_lettered = to.dead_lettered - from.dead_lettered,
                     .handed_over = to.handed_over - from.handed_over,
                     .in_flight = to.in_flight,
                     .failed = to.failed - from.failed},
          .answers = times_of(since(before.answers, after.answers))};
}

} // namespace

// --- history::series ---------------------------------------------------------

history::series::series(seconds length, minutes kept, clock::time_point begin)
  : length_(length), most_(static_cast<std::size_t>(kept / length)),
    ends_(begin + length) {}

void history::series::add(clock::time_point now, const sample& counted) {
  // Nobody has looked for that long: what was counted came some time in it.
  const auto missed = static_cast<std::size_t>((now - ends_) / length_);
  steps_.insert(steps_.end(), std::min(missed, most_), std::nullopt);
  steps_.emplace_back(step_between(before_, counted));
  while (steps_.size() > most_)
    steps_.pop_front();
  before_ = counted;
  ends_ += length_ * (missed + 1);
}

history::view history::series::last(minutes time,
                                    const core::instant& now) const {
  const auto wanted = static_cast<std::size_t>(time / length_);
  const auto there = std::min(wanted, steps_.size());
  const auto ago = now.steady - (ends_ - length_ * (wanted + 1));
  view seen{.length = length_,
            .from = now.unix_time - duration_cast<milliseconds>(ago),
            .steps = std::vector<std::optional<step>>(wanted - there)};
  seen.steps.insert(seen.steps.end(),
                    steps_.end() - static_cast<std::ptrdiff_t>(there),
                    steps_.end());
  return seen;
}

// --- history -----------------------------------------------------------------

history::history(clock::time_point begin)
  : fine_(fine_step, fine_time, begin),
    coarse_(coarse_step, longest_time, begin) {}

void history::look(clock::time_point now, const std::function<sample()>& take) {
  {
    const std::lock_guard lock{mutex_};
    if (!fine_.is_due(now) && !coarse_.is_due(now))
      return;
  }
  const auto counted = take();
  const std::lock_guard lock{mutex_};
  if (fine_.is_due(now)) {
    fine_.add(now, counted);
    answers_.push_back(counted.answers);
    if (answers_.size() > steps_of_a_minute + 1)
      answers_.pop_front();
  }
  if (coarse_.is_due(now))
    coarse_.add(now, counted);
}

history::view history::last(minutes time, const core::instant& now) const {
  const std::lock_guard lock{mutex_};
  return (time <= fine_time ? fine_ : coarse_).last(time, now);
}

std::optional<answer_times>
history::last_minute(const answer_counts& counted) const {
  const std::lock_guard lock{mutex_};
  return times_of(since(answers_.front(), counted));
}

} // namespace mfo::telemetry
