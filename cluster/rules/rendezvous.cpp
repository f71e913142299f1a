#include "cluster/rules/rendezvous.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

constexpr std::uint64_t finalized(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 33U)) * 0xFF51AFD7ED558CCDU;
  bits = (bits ^ (bits >> 33U)) * 0xC4CEB9FE1A85EC53U;
  return bits ^ (bits >> 33U);
}

std::uint64_t weight_of(std::uint64_t mixed_key,
                        std::string_view name) noexcept {
  return finalized(mixed_key ^ stable_hash(name));
}

} // namespace

std::uint64_t stable_hash(std::string_view text) noexcept {
  std::uint64_t state = 0xCBF29CE484222325U;
  for (const char letter : text)
    state = (state ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
  return state;
}

std::uint64_t rendezvous_weight(std::string_view key,
                                std::string_view name) noexcept {
  return weight_of(finalized(stable_hash(key)), name);
}

std::string owner_of(std::string_view key, std::span<const std::string> names) {
  const auto mixed_key = finalized(stable_hash(key));
  const std::string* best = nullptr;
  std::uint64_t best_weight = 0;
  for (const auto& name : names) {
    const auto weight = weight_of(mixed_key, name);
    if (best == nullptr || weight > best_weight ||
        (weight == best_weight && name < *best)) {
      best = &name;
      best_weight = weight;
    }
  }
  return best == nullptr ? std::string{} : *best;
}

std::vector<std::string> owners_of(std::string_view key,
                                   std::span<const std::string> names,
                                   std::size_t count) {
  using weighed = std::pair<std::uint64_t, const std::string*>;
  const auto mixed_key = finalized(stable_hash(key));
  std::vector<weighed> all;
  all.reserve(names.size());
  for (const auto& name : names)
    all.emplace_back(weight_of(mixed_key, name), &name);
  count = std::min(count, all.size());
  const auto last = all.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(
      all.begin(), last, all.end(), [](const weighed& a, const weighed& b) {
        return a.first != b.first ? a.first > b.first : *a.second < *b.second;
      });
  std::vector<std::string> owners;
  owners.reserve(count);
  for (auto next = all.begin(); next != last; ++next)
    owners.push_back(*next->second);
  return owners;
}

} // namespace mfo::cluster
