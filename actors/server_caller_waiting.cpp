// What becomes of the calls that wait: for their turn, or for their next try.

#include "actors/refusals.hpp"
#include "actors/server_caller.hpp"

#include <algorithm>

namespace mfo::actors {

namespace {

using std::chrono::milliseconds;
using steady_time = caller_host::steady_time;

} // namespace

/// Answers all that wait and whose deadline is `when` or sooner.
template <class Make>
void server_caller::end_due(steady_time when, Make made) {
  for (const auto* line : {&ready_, &backing_off_})
    for (const auto number : line->due_by(when))
      finish(number, made(calls_.at(number)));
}

template <class Make>
void server_caller::end_all_impatient(Make made) {
  for (const auto* line : {&ready_, &backing_off_})
    for (const auto number : line->impatient())
      finish(number, made());
}

/// What waits, and whose time is over: the server has failed it before, or is
/// left alone, or has too much to do.
void server_caller::end_overdue(steady_time now) {
  end_due(now, [this](const entry& it) {
    if (it.last)
      return *it.last;
    if (gate_.circuit() != core::breaker_state::closed)
      return circuit_open(milliseconds{0}, last_failure_);
    return no_turn();
  });
}

/// What waits for the server to be ready again, and has no time for it.
void server_caller::end_hopeless(steady_time when, steady_time now) {
  end_due(when, [wait = round_up(when - now)](const entry&) {
    return server_not_ready(wait);
  });
}

/// There are no credentials to be had: who can ask again is told to.
void server_caller::end_without_login(milliseconds left) {
  end_all_impatient([&] { return no_login(left, login_failure_); });
}

/// The circuit is open: who can ask again is told to.
void server_caller::end_impatient(milliseconds left) {
  end_all_impatient([&] { return circuit_open(left, last_failure_); });
}

/// So that what waits is answered by its deadline, also while nothing happens.
void server_caller::wake_for_deadlines(steady_time now) {
  for (const auto* line : {&ready_, &backing_off_})
    if (const auto next = line->next_deadline())
      wake_at(*next, now);
}

void server_caller::wake_at(steady_time when, steady_time now) {
  if (wakes_at_ && *wakes_at_ <= when)
    return;
  wakes_at_ = when;
  host_.wake_after(round_up(when - now), ++last_wake_);
}

} // namespace mfo::actors
