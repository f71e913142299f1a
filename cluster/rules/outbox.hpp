#pragma once

#include "cluster/rules/parcel.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mfo::cluster {

/// Why an event comes back from a peer.
enum class return_cause : std::uint8_t {
  peer_lost,  ///< the link, or the peer, is gone
  unreceived, ///< the peer did not say in time that it has it
  silent,     ///< it said nothing of how the event ended in time
  handed_back ///< it does not want it: it is full, or it drains
};

/// A word, for logs and metrics: "peer_lost".
std::string_view to_string(return_cause cause) noexcept;

/// Why an event cannot be handed over: it is the owner's as before.
enum class hand_refusal : std::uint8_t {
  too_many_events,
  too_many_bytes,
  known_id, ///< an event with this id is at a peer
};

std::string_view to_string(hand_refusal why) noexcept;

/// The origin's side of work that is shared: the events that are at peers, each
/// until a peer says how it ended. None is lost with a link or a peer: what has
/// not been concluded comes back and is placed again under the same id. The
/// peer that is only silent may run it all the same; a server sees the id
/// twice then.
///
/// Bounded: in events and in bytes, and an event comes back at most
/// `max_moves` + 1 times. One owner, not thread-safe; time is passed in.
class outbox {
public:
  using clock = std::chrono::steady_clock;

  struct bounds {
    std::size_t max_events = 10'000;
    std::size_t max_bytes = 64 * 1024 * 1024;
    unsigned max_moves = 3;
  };

  struct deadlines {
    clock::time_point received; ///< by then the peer has said that it has it
    clock::time_point concluded;
  };

  /// An event that is the owner's again.
  struct returned {
    parcel event;
    unsigned moves; ///< how often it has come back, this time included
    /// It has come back more than `max_moves` times: a dead letter, not to be
    /// placed again.
    bool too_often;
    std::string peer; ///< who had it
    return_cause cause;
  };

  explicit outbox(bounds limits);

  /// An event goes to a peer over its link. `moves` is what it had when it came
  /// back, or 0. Gives its number on the link: 1, 2, 3, …
  tl::expected<std::uint64_t, hand_refusal> hand(const parcel& event,
                                                 const std::string& peer,
                                                 std::uint64_t link,
                                                 unsigned moves, deadlines by);

  /// The peer has all events up to that number.
  void received(const std::string& peer, std::uint64_t link,
                std::uint64_t number);

  /// A peer says how the event ended; the first word counts, whoever says it.
  /// Nothing: it was concluded before, or has come back and runs elsewhere;
  /// the peer is to be told that its word has come, all the same.
  std::optional<parcel> conclude(std::string_view id);

  /// The peer does not want it. Nothing: it is not with this peer.
  std::optional<returned> hand_back(const std::string& peer,
                                    std::string_view id);

  /// The link is over, whatever the reason: its events, in the order in which
  /// they were handed over.
  [[nodiscard]] std::vector<returned> lost(const std::string& peer,
                                           std::uint64_t link);

  /// What is past one of its deadlines; of each link in the order in which it
  /// was handed over. To be called every now and then.
  [[nodiscard]] std::vector<returned> sweep(clock::time_point now);

  [[nodiscard]] std::size_t size() const noexcept {
    return entries_.size();
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  using line_key = std::pair<std::string, std::uint64_t>; ///< peer and link

  /// What went over one link.
  struct link_line {
    std::uint64_t last = 0;                      ///< number of the latest event
    std::uint64_t received = 0;                  ///< the peer has these
    std::map<std::uint64_t, std::string> open{}; ///< ids by number
  };

  struct entry {
    parcel event;
    line_key at;
    std::uint64_t number;
    unsigned moves;
    deadlines by;
  };

  /// Takes it out of the entries, but not out of its line.
  entry extract(const std::string& id);
  [[nodiscard]] returned give_back(entry out, return_cause cause) const;

  const bounds limits_;
  std::unordered_map<std::string, entry> entries_;
  std::map<line_key, link_line> lines_;
  std::size_t bytes_ = 0;
};

} // namespace mfo::cluster
