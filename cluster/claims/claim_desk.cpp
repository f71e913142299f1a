#include "cluster/claims/claim_desk.hpp"

#include <algorithm>
#include <iterator>
#include <variant>

namespace mfo::cluster {

namespace {

/// Pages that are looked at in one turn for ids that others own.
constexpr unsigned pages_at_once = 8;

} // namespace

claim_desk::claim_desk(node_life self, const claim_settings& settings,
                       claim_host& host)
  : settings_(settings), self_(std::move(self)), host_(host),
    owned_(self_, settings.window), members_{self_},
    schedules_(self_.name, settings.schedules),
    log_(settings.schedules.max_triggers) {
  owned_.set_view(members_);
}

claim_verdict claim_desk::verdict_of(ownership::verdict verdict) noexcept {
  switch (verdict) {
  case ownership::verdict::in_progress:
    return claim_verdict::in_progress;
  case ownership::verdict::taken:
    return claim_verdict::taken;
  default:
    return claim_verdict::fresh;
  }
}

std::optional<claim_verdict> claim_desk::claim(const std::string& id,
                                               std::uint64_t number,
                                               clock::time_point deadline,
                                               clock::time_point now) {
  const auto verdict = ask(number, {.id = id, .deadline = deadline}, now);
  if (verdict && *verdict != claim_verdict::fresh)
    ++counts_.duplicates;
  return verdict;
}

std::optional<claim_verdict>
claim_desk::ask(std::uint64_t number, question what, clock::time_point now) {
  const auto owner = *owned_.owner(what.id);
  const bool is_bounded = what.id.size() <= longest_claim_id;
  if (is_bounded && owner == self_)
    return claim_here(what, number, now);
  if (!is_bounded || questions_.size() >= settings_.max_pending) {
    ++counts_.unasked;
    return claim_verdict::fresh;
  }
  const auto place = questions_.insert_or_assign(number, std::move(what)).first;
  put(number, place->second, owner, now);
  return std::nullopt;
}

claim_verdict claim_desk::claim_here(const question& what, std::uint64_t number,
                                     clock::time_point now) {
  return verdict_of(owned_.claim(what.id, {.node = self_, .number = number},
                                 what.deadline, now));
}

void claim_desk::put(std::uint64_t number, question& what,
                     const node_life& owner, clock::time_point now) {
  what.asked = owner;
  what.until = now + settings_.answer_within;
  what.sent = false;
  ++what.tries;
  auto& line = line_of(owner);
  if (!line.link)
    return; // it is asked when there is one, if that comes in time
  line.link->to_ask.push_back(number);
  note_news(owner, line);
}

void claim_desk::ask_again(std::uint64_t number, clock::time_point now) {
  const auto which = questions_.find(number);
  if (which == questions_.end())
    return; // what was decided before has withdrawn it
  auto& what = which->second;
  const auto owner = *owned_.owner(what.id);
  if (owner == self_)
    return conclude(which, claim_here(what, number, now), now);
  if (what.tries < settings_.tries)
    return put(number, what, owner, now);
  ++counts_.unasked;
  conclude(which, claim_verdict::fresh, now);
}

void claim_desk::conclude(questions::iterator which, claim_verdict verdict,
                          clock::time_point now) {
  const auto done = questions_.extract(which);
  if (const auto& tick = done.mapped().tick)
    return tick_decided(*tick, verdict, now);
  if (verdict != claim_verdict::fresh)
    ++counts_.duplicates;
  host_.decided(done.key(), verdict);
}

void claim_desk::settle(const std::string& id, std::uint64_t number,
                        core::delivery_end end, clock::time_point now) {
  questions_.erase(number);
  tell({.number = number, .id = id, .end = end}, now);
}

void claim_desk::tell(settled_claim what, clock::time_point now) {
  if (what.id.size() > longest_claim_id)
    return; // nobody was asked
  const auto owner = *owned_.owner(what.id);
  if (owner == self_) {
    owned_.settle(what.id, {.node = self_, .number = what.number}, what.end,
                  now);
    return;
  }
  auto& line = line_of(owner);
  if (line.told.push(std::move(what)))
    note_news(owner, line);
  else
    ++counts_.untold;
}

void claim_desk::set_view(const view& members, clock::time_point now) {
  std::vector<node_life> alive;
  std::map<node_life, clock::time_point> living;
  for (const auto& member : members.members()) {
    const node_life life{.name = member.card->name,
                         .incarnation = member.card->born.process};
    if (member.state == member_state::alive)
      alive.push_back(life);
    if (member.state == member_state::alive ||
        member.state == member_state::suspect) {
      const auto known = living_.find(life);
      living.emplace(life, known == living_.end() ? now : known->second);
    }
  }
  if (alive.empty())
    alive.push_back(self_); // it has left, and nobody else is there
  for (const auto& [life, since] : living_)
    if (!living.contains(life))
      owned_.claimant_gone(life);
  living_ = std::move(living);
  if (alive != members_)
    set_members(std::move(alive), now);
}

void claim_desk::set_members(std::vector<node_life> members,
                             clock::time_point now) {
  members_ = std::move(members);
  auto back = take_back(now);
  arrange_lines();
  std::vector<ownership::record> records;
  for (const auto& each : back)
    if (const auto* record = std::get_if<ownership::record>(&each))
      records.push_back(*record);
  merge(std::move(records), now); // those of others are found by their owner
  owned_.set_view(members_);
  for (auto& each : back)
    if (auto* settled = std::get_if<settled_claim>(&each))
      tell(std::move(*settled), now);
  std::vector<std::uint64_t> lost;
  for (const auto& [number, each] : questions_)
    if (!owned_.is_current(each.id, each.asked))
      lost.push_back(number);
  for (const auto number : lost)
    ask_again(number, now);
  std::vector<tick_key> kept;
  for (const auto& [key, each] : ticks_)
    if (each.claim == 0)
      kept.push_back(key);
  for (const auto& key : kept)
    decide_again(key, now);
  hand_over(now);
}

/// What is held by a node that is gone is lost, and may come again.
void claim_desk::merge(std::vector<ownership::record> records,
                       clock::time_point now) {
  std::erase_if(records, [this](const auto& each) {
    return each.what == ownership::state::held && !lives(each.by.node);
  });
  owned_.merge(records, now);
}

bool claim_desk::lives(const node_life& node) const {
  return node == self_ || living_.contains(node);
}

/// What was told to nobody yet, or to who is no member any more.
std::vector<told_claim> claim_desk::take_back(clock::time_point now) {
  std::vector<told_claim> back;
  for (auto& [peer, line] : lines_) {
    auto some =
        is_member(peer) ? line.told.take_unsaid(now) : line.told.take_all(now);
    std::move(some.begin(), some.end(), std::back_inserter(back));
  }
  return back;
}

void claim_desk::arrange_lines() {
  for (auto next = lines_.begin(); next != lines_.end();) {
    const auto which = next++;
    if (!which->second.link && !is_member(which->first))
      lines_.erase(which);
  }
  for (const auto& member : members_)
    if (member != self_)
      line_of(member);
}

void claim_desk::hand_over(clock::time_point now) {
  if (owned_.is_settled())
    return;
  std::size_t under_way = 0;
  for (const auto& [peer, line] : lines_)
    under_way += line.told.records();
  for (unsigned pages = 0; pages < pages_at_once && !owned_.is_settled() &&
                           under_way < settings_.page;
       ++pages)
    for (auto& batch : owned_.next_hand_over(settings_.page, now)) {
      auto& line = line_of(batch.to);
      under_way += batch.records.size();
      counts_.handed_over += batch.records.size();
      for (auto& record : batch.records)
        line.told.push(std::move(record), now);
      note_news(batch.to, line);
    }
}

void claim_desk::sweep(clock::time_point now) {
  std::vector<std::uint64_t> due;
  for (const auto& [number, each] : questions_)
    if (each.until <= now)
      due.push_back(number);
  for (const auto number : due)
    ask_again(number, now);
  if (rescan_at_ && *rescan_at_ <= now) {
    rescan_at_.reset();
    owned_.set_view(members_);
  }
  hand_over(now);
  look_at_ticks(now);
  log_.forget_before(now - 2 * settings_.schedules.grace);
}

bool claim_desk::is_member(const node_life& node) const {
  return std::binary_search(members_.begin(), members_.end(), node);
}

std::size_t claim_desk::told() const noexcept {
  std::size_t sum = 0;
  for (const auto& [peer, line] : lines_)
    sum += line.told.size();
  return sum;
}

} // namespace mfo::cluster
