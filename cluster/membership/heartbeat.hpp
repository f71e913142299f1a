#pragma once

#include "cluster/membership/incarnation.hpp"
#include "cluster/membership/load_report.hpp"
#include "cluster/membership/member_record.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::cluster {

/// One member in a heartbeat.
struct table_row {
  std::shared_ptr<const member_record> record;
  /// The highest number of the member's own heartbeats that the sender knows
  /// of, its own or told by others: when it grows, the member lives, whoever
  /// hears it (van Renesse et al.: "A Gossip-Style Failure Detection Service",
  /// 1998).
  std::uint64_t sequence = 0;
  /// Of dead and left: since when, so that everybody forgets it at about the
  /// same time and nobody teaches it anew.
  std::chrono::milliseconds ended_ago{0};
};

constexpr std::size_t most_rows = 64; ///< of one heartbeat
constexpr std::chrono::hours longest_ended_ago{24};

/// What a node sends to each peer that it has a link with, every interval.
/// Cheap to copy: what is the same for all peers is shared.
struct heartbeat {
  std::string sender;
  incarnation born;
  std::uint64_t sequence = 0; ///< grows by one each round
  std::shared_ptr<const load_report> load;
  /// The sender's own record, and all others or as many as there is space for,
  /// in turn.
  std::shared_ptr<const std::vector<table_row>> table;
  /// What the sender has of the peer that it is for: who is suspected must hear
  /// of it. Nothing until the peer is in the table.
  std::optional<member_opinion> of_you{};
};

/// Holds a heartbeat to its bounds, whoever made it; cards are checked when a
/// record is taken. The error says what is wrong.
[[nodiscard]] tl::expected<void, std::string>
check_heartbeat(const heartbeat& message);

} // namespace mfo::cluster
