#pragma once

#include <chrono>
#include <cstddef>

namespace mfo::cluster {

/// How the members of a cluster watch each other. All nodes of a cluster should
/// have the same.
struct membership_settings {
  std::chrono::milliseconds heartbeat{500};
  /// Without news of a member for so long it is suspect; at least two
  /// heartbeats, or one that is late is a suspicion.
  std::chrono::milliseconds suspect_after{1'000};
  std::chrono::milliseconds dead_after{5'000}; ///< likewise dead
  /// So long a member that is dead or has left is remembered and, if it is
  /// dead, dialled.
  std::chrono::milliseconds forget_after{std::chrono::minutes{10}};
  std::size_t max_members = 256; ///< this node included

  /// Between dials of one address, without jitter: the first wait, doubled each
  /// time, and the longest.
  std::chrono::milliseconds first_dial_wait{200};
  std::chrono::milliseconds longest_dial_wait{5'000};
  /// After a refusal that somebody has to mend, such as another cluster.
  std::chrono::milliseconds refused_dial_wait{30'000};
  /// A dial without an answer counts as failed; longer than a dial can last.
  std::chrono::milliseconds dial_timeout{10'000};
  std::size_t max_dials = 16; ///< under way at once

  /// How often the seeds are resolved: without any link, and with a seed that
  /// leads to no member.
  std::chrono::milliseconds resolve_alone{2'000};
  std::chrono::milliseconds resolve_missing{30'000};
};

/// How often `membership::tick` should be called; the times of the detector
/// are late by up to this.
[[nodiscard]] constexpr std::chrono::milliseconds
tick_interval(const membership_settings& settings) noexcept {
  return settings.heartbeat / 5;
}

} // namespace mfo::cluster
