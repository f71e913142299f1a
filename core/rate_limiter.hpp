#pragma once

#include "core/source.hpp"
#include "core/token_bucket.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace mfo::core {

/// A token bucket for each source, of which it knows a bounded number. Where
/// there are more, a source whose bucket is full again makes way, as nothing is
/// forgotten with it; where none does, all that are new share one bucket. The
/// work of a call is bounded as well (but for the table's growing): it looks at
/// a few of the known sources, and the next call goes on from there.
///
/// Takes about 100 bytes a source. Not thread-safe: it has one owner. Pure: the
/// time is passed in and never goes back.
class rate_limiter {
public:
  using clock = token_rate::clock;

  static constexpr std::size_t usual_capacity = 65'536;

  /// `seed` is that of `source_hash`.
  rate_limiter(const token_rate& rate, std::uint64_t seed,
               std::size_t capacity = usual_capacity);

  /// The bucket that an address takes its tokens from, at the rate of `rate()`.
  /// Valid until the next call.
  [[nodiscard]] token_bucket& bucket(const config::ip_address& address,
                                     clock::time_point now);

  [[nodiscard]] const token_rate& rate() const noexcept {
    return rate_;
  }

  /// Sources that have a bucket of their own.
  [[nodiscard]] std::size_t size() const noexcept {
    return known_.size();
  }

private:
  struct entry {
    config::ip_address source;
    token_bucket bucket;
  };

  [[nodiscard]] entry* make_room(clock::time_point now);

  token_rate rate_;
  std::size_t capacity_;
  std::vector<entry> entries_;
  std::unordered_map<config::ip_address, std::size_t, source_hash> known_;
  std::size_t next_ = 0; ///< to be looked at when room is needed
  token_bucket shared_;
};

} // namespace mfo::core
