#include "tests/cluster/rules/ledger.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster::simulated {

void ledger::admitted(const std::string& id, const node_life& origin) {
  entries_[id].origin = origin;
}

void ledger::promised(const std::string& id, std::size_t copies) {
  auto& known = entries_[id];
  EXPECT_GE(known.holders.size(), copies) << id;
  EXPECT_FALSE(known.promised) << id;
  EXPECT_EQ(known.ended_at_origin, 0u) << id;
  known.promised = true;
  promises_.insert(id);
}

void ledger::ended(const std::string& id, const node_life& where, ending how) {
  auto& known = entries_[id];
  known.endings.insert(how);
  if (where == known.origin)
    ++known.ended_at_origin;
  EXPECT_LE(known.ended_at_origin, 1u) << id << " ended twice at its origin";
  EXPECT_FALSE(how == ending::refused && known.promised) << id;
}

/// Each placement runs it at most once: the first of the origin and of each
/// node that took it over, and one for each time that it came back.
void ledger::ran(const std::string& id) {
  auto& known = entries_[id];
  ++known.runs;
  EXPECT_LE(known.runs, 1 + known.taken_over + known.returned)
      << id << " ran again without a cause";
}

void ledger::returned(const std::string& id) {
  ++entries_[id].returned;
}

void ledger::taken_over(const std::string& id) {
  ++entries_[id].taken_over;
}

void ledger::kept(const std::string& id, const node_life& holder) {
  entries_[id].holders.insert(holder);
}

void ledger::dropped(const std::string& id, const node_life& holder) {
  auto& known = entries_[id];
  known.holders.erase(holder);
  EXPECT_TRUE(!known.promised || is_settled(known) || !known.holders.empty())
      << id << " was dropped by " << holder.name
      << " although nobody else had ever held it";
}

void ledger::check(const eyes& see) {
  std::erase_if(promises_, [&](const std::string& id) {
    auto& known = entries_[id];
    if (is_settled(known))
      return true;
    if (see.lives(known.origin)) {
      EXPECT_TRUE(see.works_on(known.origin, id))
          << id << " is forgotten by " << known.origin.name;
      return false;
    }
    if (see.is_held(known.origin, id))
      return false;
    for (const auto& holder : known.holders)
      EXPECT_FALSE(see.lives(holder))
          << id << " is forgotten by its holder " << holder.name;
    known.lost = true;
    return true;
  });
}

void ledger::check_all_ended(const eyes& see) const {
  for (const auto& [id, known] : entries_) {
    if (see.lives(known.origin)) {
      EXPECT_EQ(known.ended_at_origin, 1u) << id;
    }
    EXPECT_TRUE(!known.promised || known.lost || is_settled(known)) << id;
    EXPECT_TRUE(!known.endings.contains(ending::delivered) || known.runs > 0)
        << id << " is said to be delivered, and is not";
  }
}

ledger::totals ledger::sum() const {
  totals all;
  for (const auto& [id, known] : entries_) {
    ++all.admitted;
    all.promised += known.promised ? 1 : 0;
    all.lost += known.lost ? 1 : 0;
    all.delivered += known.endings.count(ending::delivered);
    all.dead_letters += known.endings.count(ending::dead_letter);
    all.refused += known.endings.count(ending::refused);
    all.runs += known.runs;
    all.duplicates += known.runs > 1 ? known.runs - 1 : 0;
    all.returned += known.returned;
    all.taken_over += known.taken_over;
  }
  return all;
}

bool ledger::is_settled(const entry& of) {
  return of.runs > 0 || of.endings.contains(ending::dead_letter);
}

} // namespace mfo::cluster::simulated
