#include "cluster/membership/seed_list.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace mfo::cluster {

std::size_t seed_list::assign(const std::vector<address>& resolved) {
  if (resolved.empty())
    return 0;
  // Each once, in the order that they came in.
  std::set<address> distinct;
  std::vector<seed> next;
  for (const auto& where : resolved) {
    if (!distinct.insert(where).second || next.size() == most)
      continue;
    const auto* known = find(where);
    next.push_back(known ? *known : seed{.where = where});
  }
  const auto left_out = distinct.size() - next.size();
  seeds_ = std::move(next);
  return left_out;
}

void seed_list::found(const address& where, const std::string& member) {
  if (auto* known = find(where))
    known->member = member;
}

void seed_list::found_oneself(const address& where) {
  if (auto* known = find(where))
    known->oneself = true;
}

seed_list::seed* seed_list::find(const address& where) {
  const auto found =
      std::find_if(seeds_.begin(), seeds_.end(),
                   [&where](const seed& each) { return each.where == where; });
  return found == seeds_.end() ? nullptr : &*found;
}

} // namespace mfo::cluster
