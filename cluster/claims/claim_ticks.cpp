#include "cluster/claims/claim_desk.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

/// Claims of ticks have numbers that the host's have not.
constexpr std::uint64_t claims_of_ticks = std::uint64_t{1} << 63U;

/// Who has claimed a tick fires it at once: it has died if that takes longer.
constexpr std::chrono::milliseconds tick_claimed_for{5'000};

/// When a tick is looked at again that another node has claimed.
constexpr std::chrono::milliseconds tick_claimed_again{1'000};

bool stays(tick_verdict verdict) {
  return verdict == tick_verdict::pending || verdict == tick_verdict::not_ours;
}

} // namespace

tick_verdict claim_desk::tick(const tick_record& what,
                              std::span<const std::string> names,
                              clock::time_point now,
                              std::chrono::milliseconds now_unix) {
  if (const auto known = ticks_.find(key_of(what)); known != ticks_.end())
    return known->second.left_to.empty() ? tick_verdict::pending
                                         : tick_verdict::not_ours;
  kept_tick made{.what = what,
                 .who = who_know(names, now),
                 .came = now,
                 .came_unix = std::max(now_unix, what.tick)};
  if (std::find(made.who.begin(), made.who.end(), self_) == made.who.end())
    return is_fired(what) ? tick_verdict::fired : tick_verdict::not_ours;
  const auto verdict = decide(made, now);
  if (!stays(verdict))
    return verdict;
  // What a peer cannot be told of, it is not to wait for.
  const bool may_wait = what.trigger.size() <= longest_tick_trigger;
  if (may_wait && ticks_.size() < settings_.max_ticks) {
    ticks_.emplace(key_of(what), std::move(made));
    return verdict;
  }
  ++counts_.unkept;
  if (made.claim == 0)
    return tick_verdict::not_ours; // another node has it
  ++counts_.unasked;
  questions_.erase(made.claim);
  return apply(made, made.claim, claim_verdict::fresh, now);
}

tick_verdict claim_desk::decide(kept_tick& tick, clock::time_point now) {
  const auto names = present(tick.who);
  const auto time =
      tick.came_unix +
      std::chrono::floor<std::chrono::milliseconds>(now - tick.came);
  switch (schedules_.decide(tick.what, time, names)) {
  case schedule_owner::verdict::fire:
    break;
  case schedule_owner::verdict::fired:
    return tick_verdict::fired;
  case schedule_owner::verdict::not_mine:
    return leave_to_owner(tick, time - tick.what.tick, names, now);
  case schedule_owner::verdict::early: // it is due, or was
  case schedule_owner::verdict::missed:
    ++counts_.missed;
    return tick_verdict::missed;
  }
  const auto number = ++tick_claims_ | claims_of_ticks;
  const auto verdict = ask(number,
                           {.id = tick_id(tick.what),
                            .deadline = now + tick_claimed_for,
                            .tick = tick.what},
                           now);
  if (verdict)
    return apply(tick, number, *verdict, now);
  tick.claim = number;
  tick.left_to.clear();
  return tick_verdict::pending;
}

tick_verdict claim_desk::leave_to_owner(kept_tick& tick,
                                        std::chrono::milliseconds late,
                                        std::span<const std::string> names,
                                        clock::time_point now) {
  if (is_fired(tick.what))
    return tick_verdict::fired;
  if (late > settings_.schedules.grace) {
    ++counts_.missed;
    return tick_verdict::missed;
  }
  const auto owner = owner_of(tick.what.trigger, names);
  if (owner != std::exchange(tick.left_to, owner))
    tick.again = now + settings_.overdue;
  return tick_verdict::not_ours;
}

/// What becomes of a tick whose claim has been decided.
tick_verdict claim_desk::apply(kept_tick& tick, std::uint64_t number,
                               claim_verdict verdict, clock::time_point now) {
  tick.claim = 0;
  switch (verdict) {
  case claim_verdict::fresh:
    ++counts_.fired;
    settle(tick_id(tick.what), number, core::delivery_end::taken, now);
    note_fired(tick.what, true, now);
    return tick_verdict::fire;
  case claim_verdict::taken:
    note_fired(tick.what, false, now);
    return tick_verdict::fired;
  case claim_verdict::in_progress:
    break;
  }
  tick.left_to.clear();
  tick.again = now + tick_claimed_again;
  return tick_verdict::pending;
}

void claim_desk::tick_decided(const tick_record& what, claim_verdict verdict,
                              clock::time_point now) {
  auto kept = ticks_.extract(key_of(what));
  auto& tick = kept.mapped();
  const auto became = apply(tick, tick.claim, verdict, now);
  if (became == tick_verdict::fire)
    host_.fire(what);
  else if (stays(became))
    ticks_.insert(std::move(kept));
}

void claim_desk::decide_again(const tick_key& which, clock::time_point now) {
  auto kept = ticks_.extract(which);
  if (!kept)
    return; // what was fired before has done away with it
  const auto became = decide(kept.mapped(), now);
  if (became == tick_verdict::fire)
    host_.fire(kept.mapped().what);
  else if (stays(became))
    ticks_.insert(std::move(kept));
}

void claim_desk::look_at_ticks(clock::time_point now) {
  std::vector<tick_key> due;
  for (auto& each : ticks_) {
    auto& tick = each.second;
    if (tick.claim != 0 || tick.again > now)
      continue;
    due.push_back(each.first);
    // Its owner should have fired it by now: it counts as not there.
    std::erase_if(tick.who, [&tick](const node_life& node) {
      return node.name == tick.left_to;
    });
    tick.again = now + settings_.overdue;
  }
  for (const auto& key : due)
    decide_again(key, now);
}

void claim_desk::note_fired(const tick_record& what, bool own,
                            clock::time_point now) {
  if (!own && is_fired(what))
    return drop_ticks(what);
  schedules_.fired(what);
  drop_ticks(what);
  if (what.trigger.size() > longest_tick_trigger || what.tick.count() < 0)
    return; // that cannot be told
  log_.add(what, own, now);
  if (!own)
    return;
  for (const auto& [name, life] : links_)
    note_news(life, line_of(life));
}

/// A tick was fired. Earlier ones of its trigger count as fired too, unless
/// this node is about to fire them.
void claim_desk::drop_ticks(const tick_record& fired) {
  auto next = ticks_.lower_bound({fired.trigger, {}});
  while (next != ticks_.end() && next->first <= key_of(fired)) {
    const auto which = next++;
    const auto claim = which->second.claim;
    if (claim != 0 && which->second.what != fired)
      continue;
    questions_.erase(claim);
    ticks_.erase(which);
  }
}

void claim_desk::forget(const std::string& trigger) {
  schedules_.forget(trigger);
  auto next = ticks_.lower_bound({trigger, {}});
  while (next != ticks_.end() && next->first.first == trigger) {
    questions_.erase(next->second.claim);
    next = ticks_.erase(next);
  }
}

bool claim_desk::is_fired(const tick_record& what) const {
  return schedules_.decide(what, what.tick, {&self_.name, 1}) ==
         schedule_owner::verdict::fired;
}

claim_desk::tick_key claim_desk::key_of(const tick_record& what) {
  return {what.trigger, what.tick};
}

std::vector<node_life> claim_desk::who_know(std::span<const std::string> names,
                                            clock::time_point now) const {
  std::vector<node_life> lives;
  for (const auto& member : members_) {
    if (std::find(names.begin(), names.end(), member.name) == names.end())
      continue;
    if (member == self_ || living_.at(member) + settings_.overdue <= now)
      lives.push_back(member);
  }
  return lives;
}

std::vector<std::string>
claim_desk::present(const std::vector<node_life>& who) const {
  std::vector<std::string> names;
  for (const auto& node : who)
    if (is_member(node))
      names.push_back(node.name);
  return names;
}

} // namespace mfo::cluster
