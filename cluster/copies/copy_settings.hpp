#pragma once

#include "cluster/messages/copy_packing.hpp"
#include "cluster/rules/credit_window.hpp"
#include "cluster/rules/replica_origin.hpp"
#include "cluster/rules/replica_store.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mfo::cluster {

/// What every node of protocol 1 sends a holder at most before that confirms.
constexpr credit copy_window{.events = 1024, .bytes = 16 * 1024 * 1024};

/// An event that is larger when packed cannot be copied.
constexpr std::size_t largest_copied = 2 * 1024 * 1024;

struct copy_settings {
  replica_origin::bounds open{};
  std::size_t max_open_bytes = 64 * 1024 * 1024;
  /// A holder says every `running_every` that it runs an event, so that those
  /// who wait for it need not be patient for long without a word.
  replica_store::bounds kept{.patience = std::chrono::minutes{1}};
  credit window = copy_window; ///< the same on all nodes
  /// Of events in one message, or one event.
  std::size_t message_bytes = 1024 * 1024;
  /// What is not held by then is given up, unless it is to be sooner.
  std::chrono::milliseconds held_within{2'000};
  std::chrono::milliseconds audit_every{10'000};
  /// A node that drains wants to know what it may let go.
  std::chrono::milliseconds audit_draining_every{1'000};
  std::chrono::milliseconds running_every{15'000};
  /// See peer_watch: less than it takes to find a node dead is enough.
  std::chrono::milliseconds trust_link_for{5'000};
  /// Events, in one sweep, so that thousands do not start at once.
  std::size_t taken_over_at_once = 100;
  /// Waiting for one peer; the oldest makes room.
  std::size_t max_notes = 10'000;
};

/// Sums since the desk was made.
struct copy_counts {
  // As the origin of events.
  std::uint64_t begun = 0;
  std::uint64_t held = 0;
  std::uint64_t given_up = 0;
  std::uint64_t refused_by_peers = 0; ///< copies

  // As a holder.
  std::uint64_t kept = 0;
  std::array<std::uint64_t, keep_refusals> refused{}; ///< by keep_refusal
  std::uint64_t released = 0; ///< as the event had ended
  std::uint64_t audited = 0;  ///< let go as the origin did not count them
  std::uint64_t taken_over = 0;
  std::uint64_t impatient =
      0; ///< of these: another holder lives, but is silent
  std::uint64_t cannot_run = 0;    ///< should be taken over, and could not be
  std::uint64_t notes_dropped = 0; ///< too many waited for a peer
};

} // namespace mfo::cluster
