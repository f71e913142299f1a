#include "cluster/membership/member_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

bool same_process(const incarnation& a, const incarnation& b) {
  return a.process == b.process;
}

/// Whether `a` is the link to keep of two with one process.
bool is_better(const link_key& a, const link_key& b,
               std::string_view own_name) {
  const bool this_node_dials = own_name < a.peer;
  if (a.dialled_here != b.dialled_here)
    return a.dialled_here == this_node_dials;
  return a.dial > b.dial;
}

} // namespace

member_table::member_table(const membership_settings& settings)
  : settings_(settings) {}

const member_table::entry* member_table::find(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

/// Rows come in the order of names: the member that is wanted is most often the
/// next one.
member_table::entry_map::iterator
member_table::find_next(const std::string& name) {
  if (next_ == entries_.end() || next_->first != name)
    next_ = entries_.find(name);
  return next_ == entries_.end() ? next_ : next_++;
}

member_table::answer member_table::learn(const table_row& row,
                                         std::string_view teller,
                                         clock::time_point now,
                                         order_list& out) {
  const auto found = find_next(row.record->card->name);
  if (found == entries_.end())
    return add(row, teller, now, out);
  auto& member = found->second;
  if (row.record != member.record) {
    const auto ordering = compare(*row.record, *member.record);
    if (ordering > 0) {
      if (!check_card(*row.record->card))
        return answer::bad;
      const auto reason = row.record->state == member_state::left
                              ? fmt::format("it left, {} says", teller)
                              : fmt::format("{} says so", teller);
      adopt(member, row, now, reason, out);
    } else if (ordering == 0) {
      member.ended_at = std::min(member.ended_at, now - row.ended_ago);
      // Tables within one process, as in a simulation, come to share records
      // so, and need not look into them again.
      member.record = std::min(member.record, row.record);
    }
  }
  if (row.sequence > member.sequence &&
      same_process(row.record->card->born, member.record->card->born)) {
    member.sequence = row.sequence;
    member.evidence_at = now;
  }
  return answer::taken;
}

member_table::answer member_table::add(const table_row& row,
                                       std::string_view teller,
                                       clock::time_point now, order_list& out) {
  const auto& record = *row.record;
  // It would be forgotten soon by those who told of it.
  if (is_ended(record.state) && row.ended_ago >= settings_.forget_after)
    return answer::taken;
  if (!check_card(*record.card))
    return answer::bad;
  if (!make_room(record, out))
    return answer::full;
  auto& member = entries_[record.card->name];
  member.record = row.record;
  member.shown = record.state;
  member.sequence = row.sequence;
  member.evidence_at = now;
  member.ended_at = now - row.ended_ago;
  ++version_;
  out.emplace_back(
      orders::report_change{.member = record.card->name,
                            .from = std::nullopt,
                            .to = record.state,
                            .reason = fmt::format("{} told of it", teller)});
  return answer::taken;
}

/// For one more. Who ended longest ago makes way for one that lives.
bool member_table::make_room(const member_record& newcomer, order_list& out) {
  if (entries_.size() + 1 < settings_.max_members)
    return true;
  if (is_ended(newcomer.state))
    return false;
  auto oldest = entries_.end();
  for (auto each = entries_.begin(); each != entries_.end(); ++each)
    if (is_ended(each->second.shown) && !each->second.link &&
        (oldest == entries_.end() ||
         each->second.ended_at < oldest->second.ended_at))
      oldest = each;
  if (oldest == entries_.end())
    return false;
  out.emplace_back(orders::report_change{
      .member = oldest->first,
      .from = oldest->second.shown,
      .to = std::nullopt,
      .reason = "the table is full, and a new member takes its place"});
  erase(oldest);
  return true;
}

/// Puts a greater record in the place of a member's.
void member_table::adopt(entry& member, const table_row& row,
                         clock::time_point now, std::string_view reason,
                         order_list& out) {
  const auto last = std::exchange(member.record, row.record);
  const auto& next = *member.record;
  // Only the member itself can have raised these.
  if (next.card->born != last->card->born || next.refutation > last->refutation)
    member.evidence_at = now;
  if (next.card != last->card)
    ++version_;
  if (is_ended(next.state))
    member.ended_at = now - row.ended_ago;
  if (same_process(next.card->born, last->card->born)) {
    show(member, now, reason, out);
    return;
  }
  give_up_link(member, "a process that started later has its name", out);
  member.heard_at.reset();
  member.heard_sequence = 0;
  member.sequence = 0;
  member.load.reset();
  // A change even from alive to alive.
  out.emplace_back(orders::report_change{
      .member = next.card->name,
      .from = std::exchange(member.shown, next.state),
      .to = next.state,
      .reason = fmt::format("it is a new process, {}; {}",
                            to_string(next.card->born), reason)});
}

void member_table::give_up_link(entry& member, std::string_view reason,
                                order_list& out) {
  if (!member.link)
    return;
  out.emplace_back(orders::close_link{.link = std::move(member.link->key),
                                      .reason = std::string{reason}});
  member.link.reset();
  ++version_;
}

member_table::answer
member_table::link_up(const std::shared_ptr<const node_card>& card,
                      const link_state& link, std::string_view own_name,
                      clock::time_point now, order_list& out) {
  const auto record =
      std::make_shared<const member_record>(member_record{.card = card});
  const table_row row{.record = record};
  if (!find(card->name)) {
    if (const auto added = add(row, "its hello", now, out);
        added != answer::taken)
      return added;
  }
  auto& member = entries_.find(card->name)->second;
  const auto& known = member.record->card->born;
  if (!same_process(known, card->born)) {
    if (card->born < known)
      return answer::stale;
    adopt(member, row, now, "its hello says so", out);
  }
  if (member.link) {
    if (!is_better(link.key, member.link->key, own_name))
      return answer::second_link;
    give_up_link(member, "a second link is the one to keep", out);
  }
  member.link = link;
  member.heard_at = now;
  member.evidence_at = now;
  ++version_;
  show(member, now, "its link opened", out);
  return answer::taken;
}

std::optional<member_table::link_state>
member_table::link_down(const link_key& key, std::string_view reason,
                        clock::time_point now, order_list& out) {
  const auto found = entries_.find(key.peer);
  if (found == entries_.end() || !found->second.link ||
      found->second.link->key != key)
    return std::nullopt;
  auto& member = found->second;
  auto link = std::exchange(member.link, std::nullopt);
  ++version_;
  if (member.record->state == member_state::alive)
    accuse(member, member_state::suspect, now);
  show(member, now, fmt::format("its link closed: {}", reason), out);
  return link;
}

member_table::entry_map::iterator
member_table::erase(entry_map::iterator which) {
  ++version_;
  next_ = entries_.erase(which);
  return next_;
}

void member_table::close_all(std::string_view reason, order_list& out) {
  for (auto& [name, member] : entries_)
    give_up_link(member, reason, out);
}

member_table::answer member_table::heard(const heartbeat& message,
                                         clock::time_point now,
                                         order_list& out) {
  const auto found = entries_.find(message.sender);
  if (found == entries_.end() ||
      found->second.record->card->born != message.born)
    return answer::stale;
  auto& member = found->second;
  if (message.sequence < member.heard_sequence)
    return answer::stale;
  member.heard_sequence = message.sequence;
  member.sequence = std::max(member.sequence, message.sequence);
  member.heard_at = now;
  member.evidence_at = now;
  member.load = message.load;
  show(member, now, "it was heard again", out);
  return answer::taken;
}

std::vector<table_row> member_table::rows(const table_row& own,
                                          clock::time_point now) {
  std::vector<table_row> result{own};
  result.reserve(std::min(entries_.size() + 1, most_rows));
  auto each = entries_.size() < most_rows ? entries_.begin()
                                          : entries_.lower_bound(next_row_);
  for (std::size_t i = 0; i < entries_.size() && result.size() < most_rows;
       ++i) {
    if (each == entries_.end())
      each = entries_.begin();
    const auto& member = (each++)->second;
    const bool ended = is_ended(member.record->state);
    const auto ago = duration_cast<milliseconds>(now - member.ended_at);
    if (ended && ago >= settings_.forget_after / 2)
      continue;
    result.push_back({.record = member.record,
                      .sequence = member.sequence,
                      .ended_ago = ended ? ago : milliseconds{0}});
  }
  next_row_ = each == entries_.end() ? std::string{} : each->first;
  return result;
}

} // namespace mfo::cluster
