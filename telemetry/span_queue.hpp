#pragma once

#include "telemetry/metrics.hpp"
#include "telemetry/span.hpp"

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::telemetry {

/// Spans that wait to be exported: a bounded queue, closed at first. Whoever
/// makes spans never waits for whoever exports them. Thread-safe.
class span_queue final : public span_sink {
public:
  struct bounds {
    std::size_t max_waiting; ///< beyond it, what comes is dropped and counted
    std::size_t max_batch;
  };

  span_queue(std::string node, std::shared_ptr<telemetry::metrics> metrics)
    : node_(std::move(node)), metrics_(std::move(metrics)) {}

  [[nodiscard]] bool wants() const noexcept override {
    return open_.load(std::memory_order_relaxed);
  }

  [[nodiscard]] const std::string& node() const noexcept override {
    return node_;
  }

  void take(std::vector<span> spans) noexcept override;

  /// Spans are wanted, within other bounds from now on.
  void open(bounds limits);

  /// None are wanted any more: what comes is dropped and counted. Those that
  /// wait stay.
  void close();

  /// The oldest, at most a batch of them.
  [[nodiscard]] std::vector<span> next_batch();

  [[nodiscard]] bool has_batch() const;

  /// Drops and counts what waits.
  void drop_all();

  /// Is told, on the thread of whoever brings spans, that as many as a batch
  /// wait; must not block, nor call back. Empty: nobody is.
  void when_batch(std::function<void()> tell);

private:
  const std::string node_;
  const std::shared_ptr<telemetry::metrics> metrics_;
  std::atomic<bool> open_{false};
  mutable std::mutex mutex_; ///< guards what follows
  bounds limits_{1, 1};
  std::deque<span> waiting_;
  std::function<void()> tell_;
};

} // namespace mfo::telemetry
