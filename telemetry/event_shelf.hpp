#pragma once

#include "telemetry/event_record.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace mfo::telemetry {

/// A record as it is kept. Counts who has it: whoever is the only one, and will
/// be, may write another record in its memory.
struct event_sheet : boost::intrusive_ref_counter<event_sheet> {
  event_record record;
};

using event_sheet_ptr = boost::intrusive_ptr<event_sheet>;

/// As a rule, one goes for one that comes.
using event_sheets = boost::container::small_vector<event_sheet_ptr, 1>;

/// The record of a sheet, which it keeps.
[[nodiscard]] event_record_ptr record_on(event_sheet_ptr sheet);

/// Events that have ended, by why: the first lane is of those with no reason.
/// Where there are more than are kept, the oldest of the longest lane goes, so
/// that a flood of one reason pushes out itself alone. Not thread-safe.
class event_shelf {
public:
  using numbered = std::pair<std::uint64_t, event_sheet_ptr>;

  event_shelf();

  /// `number`: higher than of any before. At most `keep` records of about
  /// `max_bytes` stay; what goes for it is added to `forgotten`, to be freed
  /// where no lock is held.
  void put(event_sheet_ptr sheet, std::uint64_t number, std::size_t keep,
           std::size_t max_bytes, event_sheets& forgotten);

  void make_room(std::size_t keep, std::size_t max_bytes,
                 event_sheets& forgotten);

  void append_to(std::vector<event_sheet_ptr>& all) const;

  /// Those behind this number, at most so many of each lane: the last.
  void append_news(std::uint64_t after, std::size_t limit,
                   std::vector<numbered>& all) const;

  [[nodiscard]] std::size_t size() const noexcept {
    return size_;
  }

private:
  struct kept {
    event_sheet_ptr sheet;
    std::size_t bytes;
    std::uint64_t number; ///< in the order of their ends
  };

  [[nodiscard]] std::size_t longest_lane() noexcept;

  std::vector<std::deque<kept>> lanes_;
  std::size_t longest_ = 0; ///< lane, when that was last asked for
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace mfo::telemetry
