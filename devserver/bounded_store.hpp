#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace mfo::devserver {

/// A map that forgets its oldest entries rather than grow beyond its bounds.
/// Replacing an entry does not make it younger.
template <class Value>
class bounded_store {
public:
  /// `max_bytes` bounds the sum of the costs.
  bounded_store(std::size_t max_entries, std::size_t max_bytes) noexcept
    : max_entries_(max_entries), max_bytes_(max_bytes) {}

  /// True if the key is new.
  bool put(const std::string& key, Value value, std::size_t cost) {
    cost += key.size();
    const auto [at, added] = entries_.try_emplace(key);
    bytes_ += cost - at->second.cost;
    at->second = {std::move(value), cost};
    if (added)
      order_.push_back(key);
    shrink();
    return added;
  }

  /// Null if there is none. Valid until the store is next changed.
  [[nodiscard]] Value* find(const std::string& key) {
    const auto at = entries_.find(key);
    return at == entries_.end() ? nullptr : &at->second.value;
  }

  bool erase(const std::string& key) {
    const auto at = entries_.find(key);
    if (at == entries_.end())
      return false;
    bytes_ -= at->second.cost;
    entries_.erase(at);
    std::erase(order_, key);
    return true;
  }

  /// Calls `visit(key, value)` in the order of the keys.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& [key, kept] : entries_)
      visit(key, kept.value);
  }

private:
  struct entry {
    Value value{};
    std::size_t cost = 0;
  };

  void shrink() {
    while (entries_.size() > max_entries_ ||
           (bytes_ > max_bytes_ && !entries_.empty())) {
      const auto oldest = std::move(order_.front());
      order_.pop_front();
      const auto at = entries_.find(oldest);
      bytes_ -= at->second.cost;
      entries_.erase(at);
    }
  }

  std::map<std::string, entry> entries_;
  std::deque<std::string> order_; // oldest first
  std::size_t bytes_ = 0;
  std::size_t max_entries_;
  std::size_t max_bytes_;
};

} // namespace mfo::devserver
