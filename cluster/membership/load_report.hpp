#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mfo::cluster {

constexpr std::size_t most_open_circuits = 32;
constexpr std::size_t longest_server_name = 64;

/// What a node says of its work, in each heartbeat. The rules of placement
/// choose by it; it is as old as the heartbeat.
struct load_report {
  std::uint32_t queue_depth = 0;   ///< events that wait
  std::uint32_t in_flight = 0;     ///< events that run
  std::uint32_t max_in_flight = 0; ///< events that may run at once
  bool draining = false;           ///< it takes no new work
  /// Servers whose circuit is open at the node: a hint, not all of them.
  std::vector<std::string> open_circuits{};

  friend bool operator==(const load_report&, const load_report&) = default;
};

/// Whether a peer's report keeps the bounds above.
[[nodiscard]] bool is_bounded(const load_report& report) noexcept;

/// The same with as many open circuits as may be, the first ones; names that
/// are too long are left out.
[[nodiscard]] load_report bounded(load_report report);

} // namespace mfo::cluster
