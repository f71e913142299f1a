#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mfo::telemetry {

/// Writes lines to a file descriptor, which it does not own, and counts those
/// that it cannot write: the disk is full, or whoever reads is gone (SIGPIPE is
/// to be ignored). One thread at a time.
class line_output {
public:
  /// `complain` is told why a line is lost, and then no more until one could be
  /// written.
  line_output(int descriptor,
              std::function<void(const std::string& reason)> complain);

  /// With a newline behind it. Waits for whoever reads slowly.
  void write(std::string_view line);

  /// Any thread.
  [[nodiscard]] std::uint64_t lost() const noexcept {
    return lost_.load(std::memory_order_relaxed);
  }

private:
  /// The error; 0: all of it is written.
  int write_buffer(std::size_t& written) const;

  const int descriptor_;
  const std::function<void(const std::string&)> complain_;
  std::string buffer_;
  bool torn_ = false; ///< the last line was written in part
  bool failing_ = false;
  std::atomic<std::uint64_t> lost_{0};
};

} // namespace mfo::telemetry
