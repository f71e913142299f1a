#include "tests/cluster/copies/copy_ledger.hpp"

#include "tests/cluster/copies/copy_nodes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mfo::cluster::test {

template <class Action>
void copy_ledger::for_each(const node_life& origin, const std::string& id,
                           Action what) {
  auto next = entries_.lower_bound({.origin = origin, .ticket = 0});
  for (; next != entries_.end() && next->first.origin == origin; ++next)
    if (next->second.id == id)
      what(next->second);
}

void copy_ledger::begun(const copy_name& which, const std::string& id,
                        std::size_t copies) {
  const bool is_new =
      entries_.emplace(which, entry{.id = id, .copies = copies}).second;
  EXPECT_TRUE(is_new) << "ticket " << which.ticket << " was given twice";
}

void copy_ledger::promised(const copy_node& origin, const std::string& id,
                           copy_nodes& all) {
  const auto name = origin.desk.name_of(id);
  ASSERT_TRUE(name) << id << " is held after it has ended";
  auto& known = entries_[*name];
  EXPECT_FALSE(known.promised || known.given_up || known.ended) << id;
  known.promised = true;
  const auto holders = origin.desk.holders_of(id);
  EXPECT_EQ(holders.size(), known.copies) << id;
  for (const auto& holder : holders) {
    known.asked.insert(holder);
    known.holders.insert(holder);
    const auto* there = all.find(holder);
    EXPECT_TRUE(there == nullptr || there->desk.holds(*name) ||
                known.deliveries > 0)
        << holder.name << " has said that it holds " << id;
  }
}

void copy_ledger::given_up(const node_life& origin, const std::string& id) {
  for_each(origin, id, [&](entry& known) {
    if (known.ended || known.given_up)
      return; // another with its id
    EXPECT_FALSE(known.promised) << id;
    known.given_up = true;
  });
}

void copy_ledger::delivered(const node_life& origin, const std::string& id) {
  for_each(origin, id, [](entry& known) { ++known.deliveries; });
}

void copy_ledger::ended(const node_life& origin, const std::string& id) {
  for_each(origin, id, [](entry& known) { known.ended = true; });
}

void copy_ledger::check(copy_nodes& all) {
  for (auto& [name, known] : entries_)
    if (known.promised && !known.ended && !known.lost && known.deliveries == 0)
      check(name, known, all);
}

void copy_ledger::check(const copy_name& name, entry& known, copy_nodes& all) {
  const auto* origin = all.find(name.origin);
  std::vector<node_life> named;
  if (origin != nullptr) {
    EXPECT_EQ(origin->desk.name_of(known.id), name)
        << known.id << " is forgotten by its origin " << name.origin.name;
    named = origin->desk.holders_of(known.id);
    known.asked.insert(named.begin(), named.end());
  }
  bool is_held = false;
  for (const auto& peer : known.asked) {
    const auto* there = all.find(peer);
    if (there != nullptr && there->desk.holds(name)) {
      is_held = true;
      known.holders.insert(peer);
    } else if (origin != nullptr &&
               std::find(named.begin(), named.end(), peer) == named.end()) {
      known.holders.erase(peer); // others hold it in its place
    }
  }
  if (is_held || origin != nullptr)
    return;
  for (const auto& holder : known.holders)
    EXPECT_EQ(all.find(holder), nullptr)
        << known.id << " is forgotten by its holder " << holder.name;
  known.lost = true;
}

void copy_ledger::check_all_ended(copy_nodes& all) const {
  for (const auto& [name, known] : entries_) {
    EXPECT_TRUE(!known.promised || known.lost || known.deliveries > 0)
        << known.id << " of " << name.origin.name << " was promised";
    EXPECT_TRUE(all.find(name.origin) == nullptr || known.ended ||
                known.given_up)
        << known.id << " is open at " << name.origin.name;
  }
}

copy_ledger::totals copy_ledger::sum() const {
  totals all;
  for (const auto& [name, known] : entries_) {
    ++all.begun;
    all.promised += known.promised ? 1 : 0;
    all.given_up += known.given_up ? 1 : 0;
    all.deliveries += known.deliveries;
    all.lost += known.lost ? 1 : 0;
  }
  return all;
}

} // namespace mfo::cluster::test
