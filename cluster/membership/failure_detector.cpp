// The part of member_table that judges by time.

#include "cluster/membership/member_table.hpp"
#include "config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

std::string in_words(std::chrono::milliseconds time) {
  return config::format_duration(time);
}

} // namespace

bool member_table::is_fresh(const entry& member, clock::time_point now) const {
  return member.link && member.heard_at &&
         now - *member.heard_at < settings_.suspect_after;
}

void member_table::detect(clock::time_point now, order_list& out) {
  for (auto each = entries_.begin(); each != entries_.end();) {
    auto& member = each->second;
    judge_silence(member, now, out);
    if (is_ended(member.shown) && !member.link &&
        now - member.ended_at >= settings_.forget_after) {
      out.emplace_back(orders::report_change{
          .member = each->first,
          .from = member.shown,
          .to = std::nullopt,
          .reason = fmt::format("it is {} for {}", to_string(member.shown),
                                in_words(settings_.forget_after))});
      each = erase(each);
    } else {
      ++each;
    }
  }
}

void member_table::judge_silence(entry& member, clock::time_point now,
                                 order_list& out) {
  const auto silence = now - member.evidence_at;
  const auto state = member.record->state;
  const auto silent = [](std::chrono::milliseconds time) {
    return fmt::format("nothing heard of it for {}", in_words(time));
  };
  if (!is_ended(state) && silence >= settings_.dead_after) {
    accuse(member, member_state::dead, now);
    show(member, now, silent(settings_.dead_after), out);
  } else if (state == member_state::alive &&
             silence >= settings_.suspect_after) {
    accuse(member, member_state::suspect, now);
    show(member, now, silent(settings_.suspect_after), out);
  } else if (member.shown != state) {
    show(member, now, "others say so, and it was not heard here", out);
  }
  // Heartbeats come by every link: one that is silent is broken, however the
  // member is.
  if (member.link && now - *member.heard_at >= settings_.dead_after)
    give_up_link(member,
                 fmt::format("nothing came by it for {}",
                             in_words(settings_.dead_after)),
                 out);
}

/// Puts a worse state in the record, at the refutation that it is at.
void member_table::accuse(entry& member, member_state state,
                          clock::time_point now) {
  auto record = *member.record;
  record.state = state;
  member.record = std::make_shared<const member_record>(std::move(record));
  if (is_ended(state))
    member.ended_at = now;
}

void member_table::show(entry& member, clock::time_point now,
                        std::string_view reason, order_list& out) {
  auto state = member.record->state;
  if (state != member_state::left && is_fresh(member, now))
    state = member_state::alive;
  if (state == member.shown)
    return;
  out.emplace_back(
      orders::report_change{.member = member.record->card->name,
                            .from = std::exchange(member.shown, state),
                            .to = state,
                            .reason = std::string{reason}});
  ++version_;
}

void member_table::allow_for(clock::duration stop, clock::time_point now) {
  for (auto& [name, member] : entries_) {
    member.evidence_at = std::min(member.evidence_at + stop, now);
    if (member.heard_at)
      member.heard_at = std::min(*member.heard_at + stop, now);
  }
}

} // namespace mfo::cluster
