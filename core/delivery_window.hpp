#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace mfo::core {

/// What became of a delivery that had gone on.
enum class delivery_end : std::uint8_t {
  failed, ///< it may come again
  held,   ///< acknowledged, and in the memory of this node and no other
  taken,  ///< taken care of, whatever becomes of this node
};

/// Remembers which deliveries are under way and which were taken care of, so
/// that what a sender repeats, or somebody replays, is taken once. Bounded: by
/// the number of ids, of which the oldest is forgotten first, and by their age.
/// What is forgotten is taken again, under the same event id.
///
/// Of this node alone: a repetition that reaches another one is not seen.
///
/// Thread-safe; time is passed in.
class delivery_window {
public:
  using clock = std::chrono::steady_clock;

  struct bounds {
    std::size_t max_ids = 100'000; ///< 0: nothing is remembered
    std::chrono::milliseconds age = std::chrono::hours{24};
  };

  explicit delivery_window(bounds limits);

  enum class verdict : std::uint8_t {
    fresh,       ///< never seen, or forgotten, or failed: it is under way now
    in_progress, ///< another delivery of this id is under way
    taken,       ///< it was taken care of
  };

  /// A genuine delivery of the event `id` wants to go on. `claimant` tells
  /// deliveries of one id apart: the event, alive until it is settled. By
  /// `deadline` it has ended, settled or not.
  verdict claim(std::string_view id, const void* claimant,
                clock::time_point deadline, clock::time_point now);

  /// The claimant's delivery has ended. What is held is as good as taken: what
  /// is remembered ends with the node, too. Does nothing for who has no claim.
  void settle(std::string_view id, const void* claimant,
              delivery_end end) noexcept;

  /// Other bounds from now on; what they are too narrow for is forgotten as
  /// others come.
  void set_bounds(bounds limits);

  [[nodiscard]] std::size_t size() const;

private:
  /// A UUID; ids of other forms never are equal to it.
  using key = std::array<char, 36>;

  struct hash {
    std::size_t operator()(const key& id) const noexcept;
  };

  /// Keys of entries.
  using order = std::list<const key*>;

  struct entry {
    const void* claimant;         ///< null: taken
    clock::time_point deadline;   ///< of the claim
    clock::time_point remembered; ///< since when
    order::iterator place;
  };

  using entries = std::unordered_map<key, entry, hash>;

  void forget(clock::time_point now, std::size_t most);
  void erase(entries::iterator which);

  mutable std::mutex mutex_;
  bounds limits_;   ///< guarded by mutex_
  entries entries_; ///< guarded by mutex_
  order order_;     ///< oldest first; guarded by mutex_
};

} // namespace mfo::core
