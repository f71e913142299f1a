#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mfo::cluster {

struct batch_bounds {
  std::size_t max_events = 64;
  std::size_t max_bytes = 256 * 1024;
};

/// Gathers what goes to one peer, so that one message carries many events. A
/// batch holds at most `max_events`, and less than `max_bytes` before the last
/// one. The order is kept. It has one owner and is not thread-safe.
///
/// What has been gathered does not wait for more than one turn of the owner:
/// with the first event of a batch it sends itself a message, and flushes when
/// that comes. At most one such message is under way.
template <class Item>
class batcher {
public:
  enum class verdict : std::uint8_t {
    gathered, ///< it goes with the batch
    first,    ///< it does, and the owner sends itself a message to flush
    full,     ///< it does, and the batch is to be taken now
    refused,  ///< the batch was full, and nobody took it; `item` is untouched
  };

  explicit batcher(batch_bounds bounds = {}) : bounds_(bounds) {}

  verdict add(Item&& item, std::size_t bytes) {
    if (is_full())
      return verdict::refused;
    items_.push_back(std::move(item));
    bytes_ += bytes;
    if (is_full())
      return verdict::full;
    if (flush_under_way_)
      return verdict::gathered;
    flush_under_way_ = true;
    return verdict::first;
  }

  /// The batch, because it is full, or must go.
  [[nodiscard]] std::vector<Item> take() {
    bytes_ = 0;
    return std::exchange(items_, {});
  }

  /// The owner's message has come. Empty: the batch was full before that.
  [[nodiscard]] std::vector<Item> flush() {
    flush_under_way_ = false;
    return take();
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return items_.size();
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  [[nodiscard]] bool is_full() const noexcept {
    return items_.size() >= bounds_.max_events || bytes_ >= bounds_.max_bytes;
  }

  batch_bounds bounds_;
  std::vector<Item> items_;
  std::size_t bytes_ = 0;
  bool flush_under_way_ = false;
};

} // namespace mfo::cluster
