#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace mfo::http {

/// The phases of a node's life, in order.
enum class node_phase : std::uint8_t { starting, ready, draining, failed };

constexpr std::string_view to_string(node_phase phase) noexcept {
  switch (phase) {
  case node_phase::starting:
    return "starting";
  case node_phase::ready:
    return "ready";
  case node_phase::draining:
    return "draining";
  case node_phase::failed:
    break;
  }
  return "failed";
}

/// Whether the node takes events. Thread-safe.
class node_state {
public:
  [[nodiscard]] node_phase phase() const noexcept {
    return phase_.load();
  }

  /// Moves on; a later phase is never left for an earlier one.
  void advance(node_phase next) noexcept {
    auto now = phase_.load();
    while (now < next && !phase_.compare_exchange_weak(now, next)) {
    }
  }

private:
  std::atomic<node_phase> phase_{node_phase::starting};
};

} // namespace mfo::http
