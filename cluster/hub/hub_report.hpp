#pragma once

#include "cluster/calling/call_desk.hpp"
#include "cluster/claims/claim_desk.hpp"
#include "cluster/copies/copy_settings.hpp"
#include "cluster/membership/membership.hpp"
#include "cluster/membership/view.hpp"
#include "cluster/rules/credit_window.hpp"
#include "cluster/rules/placement.hpp"
#include "cluster/transport/link_event.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster {

/// A peer to which there is a link.
struct linked_peer {
  std::string name{};
  link_id link = 0;
  credit left{}; ///< what it may be sent now
};

/// What the hub tells of itself, for the metrics, the admin listener and the
/// stop of the node. Thread-safe; each number is current on its own.
class hub_report {
public:
  /// Null until the hub has begun.
  [[nodiscard]] std::shared_ptr<const view> members() const {
    const std::lock_guard lock{mutex_};
    return members_;
  }

  [[nodiscard]] membership_counters counters() const {
    const std::lock_guard lock{mutex_};
    return counters_;
  }

  void show(std::shared_ptr<const view> members) {
    const std::lock_guard lock{mutex_};
    members_ = std::move(members);
  }

  void show(const membership_counters& counters) {
    const std::lock_guard lock{mutex_};
    counters_ = counters;
  }

  [[nodiscard]] copy_counts copies_counted() const {
    const std::lock_guard lock{mutex_};
    return copy_counts_;
  }

  void show(const copy_counts& counts) {
    const std::lock_guard lock{mutex_};
    copy_counts_ = counts;
  }

  [[nodiscard]] claim_counts claims_counted() const {
    const std::lock_guard lock{mutex_};
    return claim_counts_;
  }

  void show(const claim_counts& counts) {
    const std::lock_guard lock{mutex_};
    claim_counts_ = counts;
  }

  [[nodiscard]] std::vector<linked_peer> peers() const {
    const std::lock_guard lock{mutex_};
    return peers_;
  }

  void show(std::vector<linked_peer> peers) {
    const std::lock_guard lock{mutex_};
    peers_ = std::move(peers);
  }

  [[nodiscard]] call_totals calls_counted() const {
    const std::lock_guard lock{mutex_};
    return call_totals_;
  }

  void show(const call_totals& totals) {
    const std::lock_guard lock{mutex_};
    call_totals_ = totals;
  }

  void count_move(placement_reason why) noexcept {
    moved_[static_cast<std::size_t>(why)].fetch_add(1,
                                                    std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t moves(placement_reason why) const noexcept {
    return moved_[static_cast<std::size_t>(why)].load(
        std::memory_order_relaxed);
  }

  /// Peers give this node nothing any more, and the numbers below tell of all
  /// that they gave it.
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> links{0};   ///< that are up
  std::atomic<std::size_t> away{0};    ///< events that peers have of this node
  std::atomic<std::size_t> waiting{0}; ///< events that wait for a node
  std::atomic<std::size_t> running{0}; ///< events of peers that run here
  std::atomic<std::size_t> in_line{0}; ///< events that wait for those of a key
  std::atomic<std::uint64_t> taken{0}; ///< events of peers, since the start
  std::atomic<std::size_t> ids_owned{0};    ///< of deliveries, by this node
  std::atomic<std::uint64_t> bytes_sent{0}; ///< of what desks say
  std::atomic<std::uint64_t> bytes_received{0};
  struct {
    std::atomic<std::size_t> open{0}; ///< events of this node, others hold them
    std::atomic<std::size_t> held{0}; ///< of others, here
    std::atomic<std::size_t> bytes{0}; ///< of these
  } copies;
  struct {
    std::atomic<std::size_t> waiting{0}; ///< of this node, for a connector
    std::atomic<std::size_t> away{0};    ///< of this node, that peers make
    std::atomic<std::size_t> running{0}; ///< of peers, that this node makes
    std::atomic<std::size_t> untold{0};  ///< of peers: ended, and not heard
    std::atomic<std::size_t> untold_bytes{0}; ///< of what came of these
  } calls;
  std::atomic<bool> left{false}; ///< the node has said good-bye

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const view> members_;
  membership_counters counters_;
  std::vector<linked_peer> peers_;
  copy_counts copy_counts_;
  claim_counts claim_counts_;
  call_totals call_totals_;
  std::array<std::atomic<std::uint64_t>,
             static_cast<std::size_t>(placement_reason::unavailable) + 1>
      moved_{};
};

} // namespace mfo::cluster
