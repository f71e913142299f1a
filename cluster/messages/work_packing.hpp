#pragma once

#include "cluster/messages/event_packing.hpp"
#include "cluster/rules/credit_window.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What two nodes that share work say to each other: events one way, how they
/// ended the other, and with both what has come and what more may come. All of
/// it in one message, so that nothing travels alone that can travel along.
namespace mfo::cluster {

/// Of one message. Events are bounded in bytes by the message, too.
constexpr std::size_t most_events_sent = 1024;
constexpr std::size_t most_conclusions_sent = 4096;
constexpr std::size_t most_handed_back = 4096;

/// An event that goes to a peer.
struct sent_event {
  std::uint64_t number = 0; ///< on this link: see outbox
  core::event_ptr event;
};

/// How an event ended that came from the peer.
struct told_end {
  std::uint64_t number = 0; ///< see inbox::conclusion
  std::string id;
  core::outcome how;
};

/// What a node says.
struct work_sent {
  std::uint64_t received = 0; ///< the peer's events up to this number are here
  std::uint64_t heard = 0;    ///< and its conclusions up to this one
  std::optional<credit_grant> grant{};
  std::vector<std::string> handed_back{}; ///< ids of events not taken
  std::vector<told_end> ends{};
  std::vector<sent_event> events{};
};

/// The same as it comes. The views are of the message's bytes.
struct work_come {
  struct event {
    std::uint64_t number = 0;
    wire_event what;
  };

  std::uint64_t received = 0;
  std::uint64_t heard = 0;
  std::optional<credit_grant> grant{};
  std::vector<std::string> handed_back{};
  std::vector<told_end> ends{};
  std::vector<event> events{};
};

/// Requires: within the bounds above. `now` is what the times in the events
/// are counted from.
[[nodiscard]] std::string pack(const work_sent& what,
                               std::chrono::steady_clock::time_point now);

/// What the event adds to a message, about; for windows and batches. Both sides
/// count the same.
[[nodiscard]] std::size_t packed_size(const core::event& what) noexcept;
[[nodiscard]] std::size_t packed_size(const wire_event& what) noexcept;

/// The error is the end of a sentence: "a work message ends within a text".
[[nodiscard]] tl::expected<work_come, std::string>
unpack_work(std::string_view bytes);

} // namespace mfo::cluster
