#pragma once

#include "cluster/membership/address.hpp"
#include "cluster/membership/settings.hpp"
#include "core/retry.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace mfo::cluster {

/// When which address may be dialled: each by one dial at a time, with an
/// exponential back-off that has jitter, and not too many at once. A link that
/// ends soon counts as a dial that failed, so that one that flaps is not
/// dialled all the time. Not thread-safe. Pure: time and randomness are passed
/// in; `uniform` is random in [0, 1).
class dial_schedule {
public:
  using clock = std::chrono::steady_clock;

  explicit dial_schedule(const membership_settings& settings);

  [[nodiscard]] bool may_dial(const address& where,
                              clock::time_point now) const;

  /// The number of the dial. Requires: may_dial.
  std::uint64_t begin(const address& where, clock::time_point now);

  /// A dial became a link: its address, or nothing if the dial is not known,
  /// or was given up.
  std::optional<address> opened(std::uint64_t number);

  /// A dial failed: likewise.
  std::optional<address> failed(std::uint64_t number, clock::time_point now,
                                double uniform);

  /// A dial was refused for a reason that does not go away soon: likewise.
  std::optional<address> refused(std::uint64_t number, clock::time_point now);

  /// A link that was dialled ended. Requires: `opened` named the address.
  void link_ended(const address& where, clock::duration lasted,
                  clock::time_point now, double uniform);

  /// Gives up the dials without an answer, which count as failed.
  std::vector<address> expire(clock::time_point now, double uniform);

  /// Forgets every other address, but those that are being dialled.
  void keep_only(const std::set<address>& wanted);

  [[nodiscard]] std::size_t in_flight() const noexcept {
    return pending_.size();
  }

  /// Addresses that it remembers.
  [[nodiscard]] std::size_t size() const noexcept {
    return targets_.size();
  }

private:
  struct target {
    unsigned failures = 0;
    clock::time_point next = clock::time_point::min();
    bool being_dialled = false;
  };

  struct pending {
    address where;
    clock::time_point began;
  };

  std::optional<address> take(std::uint64_t number);
  void back_off(target& which, clock::time_point now, double uniform);

  membership_settings settings_;
  core::retry_policy waits_;
  std::map<address, target> targets_;
  std::map<std::uint64_t, pending> pending_; ///< at most max_dials
  std::uint64_t last_number_ = 0;
};

} // namespace mfo::cluster
