// What must be true of nodes that hold copies, at any time and in the end.

#include "tests/model/copies_acting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::model {

namespace {

/// Seconds by which all is at rest once nothing goes wrong any more: nodes are
/// impatient by then, and copies that nobody needs have been audited.
constexpr int rest_within = 12;

/// So long nothing is delivered, and holders that are missing are replaced.
constexpr int nothing_ends_for = 2;

} // namespace

void copies_world::complain(std::string what) {
  if (!wrong_)
    wrong_ = std::move(what);
}

/// What was promised, and has not been delivered, somebody has: unless all that
/// had it have crashed, who are more than one.
void copies_world::check(bool crashed) {
  for (std::size_t i = 0; i < stories_.size(); ++i) {
    auto& of = stories_[i];
    if (!healing_ && of.deliveries > 1 + surprises_)
      complain(fmt::format("event {} is delivered more often than nodes "
                           "crashed, or could not be heard",
                           i + 1));
    if (!of.promised || of.lost || of.deliveries > 0 || is_somewhere(of))
      continue;
    if (crashed && crashes_ - of.crashes_before > shared_->plan.copies)
      of.lost = true;
    else
      complain(fmt::format("event {} was promised, and nobody has it any more",
                           i + 1));
  }
}

bool copies_world::is_open_at_origin(const story& of) const {
  if (of.name.ticket == 0 || of.given_up || of.finished)
    return false;
  const auto* origin = at(number_of(of.name.origin.name));
  return origin != nullptr && origin->life == of.name.origin;
}

bool copies_world::is_somewhere(const story& of) const {
  for (const auto& each : nodes_) {
    if (!each)
      continue;
    if (each->desk.holds(of.name))
      return true;
    if (each->life != of.name.origin)
      continue;
    const auto index = static_cast<std::size_t>(&of - stories_.data());
    if (each->desk.name_of(shared_->events[index]->id) == of.name)
      return true;
  }
  return false;
}

std::optional<std::string> copies_world::stuck() const {
  auto later = *this;
  return later.play_out();
}

std::optional<std::string> copies_world::play_out() {
  heal();
  for (int second = 0; second < rest_within && !wrong_; ++second) {
    pass_a_second();
    settle();
    if (second == nothing_ends_for)
      for (const auto& of : stories_) // what was taken over may be over
        if (of.deliveries == 0 && is_open_at_origin(of) && !is_well_held(of))
          complain("too few hold an event, though there are nodes for it");
    if (second >= nothing_ends_for)
      run_all();
    if (second > nothing_ends_for && leftovers().empty())
      break;
  }
  check(false);
  for (std::size_t i = 0; i < stories_.size(); ++i)
    if (const auto& of = stories_[i];
        of.promised && !of.lost && of.deliveries == 0)
      complain(fmt::format("event {} was promised, and is not delivered though "
                           "all nodes are there",
                           i + 1));
  if (const auto left = leftovers(); !left.empty())
    complain("there is no end to " + left);
  return wrong_;
}

void copies_world::heal() {
  healing_ = true;
  left_.restarts = static_cast<unsigned>(nodes_.size());
  for (std::size_t who = 0; who < nodes_.size(); ++who)
    if (!nodes_[who])
      restart(who);
  for (std::size_t a = 0; a < nodes_.size(); ++a)
    for (std::size_t b = a + 1; b < nodes_.size(); ++b)
      if (!link_of(a, b).up)
        join(a, b);
  for (std::size_t a = 0; a < nodes_.size(); ++a)
    for (std::size_t b = 0; b < nodes_.size(); ++b)
      if (a != b && nodes_[b]->draining && !nodes_[a]->sees[b].draining)
        hear_drain(a, b);
  settle();
}

/// All messages, until there are none.
void copies_world::settle() {
  for (bool again = true; std::exchange(again, false);)
    for (std::size_t from = 0; from < nodes_.size(); ++from)
      for (std::size_t to = 0; to < nodes_.size(); ++to)
        while (!way(from, to).empty()) {
          again = true;
          deliver(from, to);
        }
}

void copies_world::run_all() {
  for (std::size_t i = 0; i < stories_.size(); ++i)
    if (is_open_at_origin(stories_[i]))
      finish(i);
  for (std::size_t who = 0; who < nodes_.size(); ++who)
    while (!nodes_[who]->runs.empty())
      conclude(who);
  settle();
}

/// By as many as there are to be, or by all that may hold it.
bool copies_world::is_well_held(const story& of) const {
  const auto origin = number_of(of.name.origin.name);
  std::size_t holders = 0;
  std::size_t able = 0;
  for (std::size_t who = 0; who < nodes_.size(); ++who) {
    if (who == origin || nodes_[who]->draining)
      continue;
    ++able;
    holders += nodes_[who]->desk.holds(of.name) ? 1 : 0;
  }
  return holders >= std::min(able, shared_->plan.copies);
}

std::string copies_world::leftovers() const {
  std::string all;
  for (const auto& each : nodes_) {
    const auto& desk = each->desk;
    if (desk.open() + desk.open_bytes() + desk.replicas() +
            desk.replica_bytes() + desk.running() >
        0)
      all += fmt::format("{} of {} open, {} kept ({} running); ", desk.open(),
                         each->life.name, desk.replicas(), desk.running());
  }
  for (const auto& each : ways_)
    if (!each.empty())
      all += fmt::format("{} messages; ", each.size());
  return all;
}

} // namespace mfo::model
