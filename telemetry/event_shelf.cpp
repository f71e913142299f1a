#include "telemetry/event_shelf.hpp"

#include "core/errc.hpp"

#include <algorithm>
#include <utility>

namespace mfo::telemetry {

namespace {

std::size_t lane_of(const event_record& record) noexcept {
  if (!record.reason)
    return 0;
  return 1 + static_cast<std::size_t>(&core::describe(*record.reason) -
                                      core::all_errors().data());
}

} // namespace

event_record_ptr record_on(event_sheet_ptr sheet) {
  const auto* record = &sheet->record;
  return {record, [kept = std::move(sheet)](const event_record*) {
          }};
}

event_shelf::event_shelf() : lanes_(core::all_errors().size() + 1) {}

void event_shelf::put(event_sheet_ptr sheet, std::uint64_t number,
                      std::size_t keep, std::size_t max_bytes,
                      event_sheets& forgotten) {
  const auto bytes = size_of(sheet->record);
  auto& lane = lanes_[lane_of(sheet->record)];
  lane.push_back({std::move(sheet), bytes, number});
  ++size_;
  bytes_ += bytes;
  make_room(keep, max_bytes, forgotten);
}

void event_shelf::make_room(std::size_t keep, std::size_t max_bytes,
                            event_sheets& forgotten) {
  while (size_ > 0 && (size_ > keep || bytes_ > max_bytes)) {
    auto& lane = lanes_[longest_lane()];
    // First what may fail for want of memory.
    forgotten.push_back(lane.front().sheet);
    bytes_ -= lane.front().bytes;
    --size_;
    lane.pop_front();
  }
}

std::size_t event_shelf::longest_lane() noexcept {
  // As a rule one has more than half of all: no other can be as long.
  if (lanes_[longest_].size() > size_ / 2)
    return longest_;
  // Of those as long the one whose first is the oldest.
  longest_ = static_cast<std::size_t>(
      std::ranges::max_element(
          lanes_,
          [](const auto& one, const auto& other) {
            return one.size() != other.size()
                       ? one.size() < other.size()
                       : !one.empty() &&
                             one.front().sheet->record.received >
                                 other.front().sheet->record.received;
          }) -
      lanes_.begin());
  return longest_;
}

void event_shelf::append_to(std::vector<event_sheet_ptr>& all) const {
  for (const auto& lane : lanes_)
    for (const auto& each : lane)
      all.push_back(each.sheet);
}

void event_shelf::append_news(std::uint64_t after, std::size_t limit,
                              std::vector<numbered>& all) const {
  for (const auto& lane : lanes_) {
    auto left = limit;
    for (auto each = lane.rbegin();
         each != lane.rend() && each->number > after && left > 0;
         ++each, --left)
      all.emplace_back(each->number, each->sheet);
  }
}

} // namespace mfo::telemetry
