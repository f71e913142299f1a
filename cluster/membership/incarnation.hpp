#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace mfo::cluster {

/// Tells the processes apart that bear one node's name one after the other. The
/// one that started later is the greater; of two in the same millisecond the
/// random number decides, the same way for everybody.
///
/// Wall clocks may go back between two starts, so `started` is a counter that
/// begins at the wall clock: a node that meets a greater incarnation of its own
/// name, of a process that is gone, raises its own above it. The random number
/// stays for the life of the process and says whether it is the same one.
struct incarnation {
  std::uint64_t started = 0; ///< ms since 1970 at the start, perhaps raised
  std::uint64_t process = 0; ///< random, drawn at the start

  friend auto operator<=>(const incarnation&, const incarnation&) = default;
};

/// Of the same process as `mine`, and greater than `other`.
[[nodiscard]] constexpr incarnation
raised_above(const incarnation& mine, const incarnation& other) noexcept {
  return other < mine ? mine
                      : incarnation{.started = other.started + 1,
                                    .process = mine.process};
}

/// `1732752000000-00c0ffee00c0ffee`, for logs.
[[nodiscard]] std::string to_string(const incarnation& which);

} // namespace mfo::cluster
