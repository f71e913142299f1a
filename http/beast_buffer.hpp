#pragma once

#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace mfo::http {

/// What was read and not parsed yet, and when the first of it came: Beast's
/// algorithms tell nobody when they have read.
class arrival_buffer : public boost::beast::flat_buffer {
public:
  /// Holds at most `max_size` bytes.
  explicit arrival_buffer(std::size_t max_size)
    : boost::beast::flat_buffer(max_size) {}

  /// From now on the first bytes are those that come next.
  void await_first() noexcept {
    first_.reset();
  }

  std::optional<std::chrono::steady_clock::time_point> first() const noexcept {
    return first_;
  }

  void commit(std::size_t size) noexcept {
    if (!first_ && size > 0)
      first_ = std::chrono::steady_clock::now();
    boost::beast::flat_buffer::commit(size);
  }

private:
  std::optional<std::chrono::steady_clock::time_point> first_;
};

} // namespace mfo::http
