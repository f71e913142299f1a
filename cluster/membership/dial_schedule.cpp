#include "cluster/membership/dial_schedule.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mfo::cluster {

namespace {

/// Doubling waits without an end, each between half and the whole of it.
config::retry_settings waits_of(const membership_settings& settings) {
  config::retry_settings waits;
  waits.backoff = config::backoff_shape::exponential;
  waits.delay = settings.first_dial_wait;
  waits.multiplier = 2;
  waits.max_delay = settings.longest_dial_wait;
  waits.max_count = std::numeric_limits<unsigned>::max();
  waits.max_duration = std::chrono::milliseconds::max();
  waits.jitter = config::jitter_mode::equal;
  return waits;
}

/// Beyond it a wait has its full length; no counter runs over.
constexpr unsigned most_failures = 64;

} // namespace

dial_schedule::dial_schedule(const membership_settings& settings)
  : settings_(settings), waits_(waits_of(settings)) {}

bool dial_schedule::may_dial(const address& where,
                             clock::time_point now) const {
  if (pending_.size() >= settings_.max_dials)
    return false;
  const auto found = targets_.find(where);
  return found == targets_.end() ||
         (!found->second.being_dialled && found->second.next <= now);
}

std::uint64_t dial_schedule::begin(const address& where,
                                   clock::time_point now) {
  targets_[where].being_dialled = true;
  pending_.emplace(++last_number_, pending{.where = where, .began = now});
  return last_number_;
}

std::optional<address> dial_schedule::opened(std::uint64_t number) {
  return take(number);
}

std::optional<address> dial_schedule::failed(std::uint64_t number,
                                             clock::time_point now,
                                             double uniform) {
  auto where = take(number);
  if (where)
    back_off(targets_[*where], now, uniform);
  return where;
}

std::optional<address> dial_schedule::refused(std::uint64_t number,
                                              clock::time_point now) {
  auto where = take(number);
  if (where)
    targets_[*where].next = now + settings_.refused_dial_wait;
  return where;
}

void dial_schedule::link_ended(const address& where, clock::duration lasted,
                               clock::time_point now, double uniform) {
  auto& which = targets_[where];
  if (lasted >= settings_.dead_after)
    which.failures = 0;
  back_off(which, now, uniform);
}

std::vector<address> dial_schedule::expire(clock::time_point now,
                                           double uniform) {
  std::vector<std::uint64_t> late;
  for (const auto& [number, dial] : pending_)
    if (now - dial.began >= settings_.dial_timeout)
      late.push_back(number);
  std::vector<address> given_up;
  for (const auto number : late)
    if (auto where = failed(number, now, uniform))
      given_up.push_back(*std::move(where));
  return given_up;
}

void dial_schedule::keep_only(const std::set<address>& wanted) {
  std::erase_if(targets_, [&wanted](const auto& each) {
    return !each.second.being_dialled && !wanted.contains(each.first);
  });
}

std::optional<address> dial_schedule::take(std::uint64_t number) {
  const auto found = pending_.find(number);
  if (found == pending_.end())
    return std::nullopt;
  auto where = std::move(found->second.where);
  pending_.erase(found);
  targets_[where].being_dialled = false;
  return where;
}

void dial_schedule::back_off(target& which, clock::time_point now,
                             double uniform) {
  which.failures = std::min(which.failures + 1, most_failures);
  const auto wait = waits_.next_delay({.count = which.failures}, uniform);
  which.next = now + wait.value_or(settings_.longest_dial_wait);
}

} // namespace mfo::cluster
