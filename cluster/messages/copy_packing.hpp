#pragma once

#include "cluster/messages/event_packing.hpp"
#include "cluster/rules/replication.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What two nodes say to each other about copies of events (`ack: replicated`,
/// rules/replication.hpp): copies one way, what became of them the other, and
/// what may be let go. All of it in one message, so that nothing travels alone
/// that can travel along.
///
/// An event is known between nodes by its ticket: a number that its origin
/// gives it, and never again to another in its life.
namespace mfo::cluster {

/// Of one message. Events are bounded in bytes by who sends it, too.
constexpr std::size_t most_copies_sent = 1024;
constexpr std::size_t most_releases_sent = 4096;
constexpr std::size_t most_audited = 4096; ///< tickets in one page
constexpr std::size_t most_notes_sent = 1024;
constexpr std::size_t most_holders = 32; ///< of one event

/// A copy wherever it is: whose event, and which.
struct copy_name {
  node_life origin;
  std::uint64_t ticket = 0;

  friend auto operator<=>(const copy_name&, const copy_name&) = default;
};

/// Why a node does not keep a copy.
enum class keep_refusal : std::uint8_t {
  too_many_events,  ///< it keeps as many as it may
  too_many_bytes,   ///< they would be more bytes than it may keep
  draining,         ///< it is about to leave
  unknown_endpoint, ///< it could not run the event
  origin_gone,      ///< it believes that who sends the copy is gone
  not_held,         ///< a list came alone, of an event that it does not have
};

constexpr std::size_t keep_refusals = 6;

/// A word, for logs and metrics: "too_many_bytes".
std::string_view to_string(keep_refusal why) noexcept;

struct refused_copy {
  std::uint64_t number = 0; ///< on this link
  keep_refusal why = keep_refusal::not_held;
};

/// See audit_page.
struct ticket_page {
  std::uint64_t after = 0; ///< the range begins behind it; 0: at the first
  std::uint64_t up_to = 0; ///< and ends with this one; 0: behind the last
  std::vector<std::uint64_t> open{}; ///< ascending, and greater than `after`
};

/// A copy that goes to a holder, or its list alone.
struct copy_sent {
  std::uint64_t ticket = 0;
  holder_list list{};
  core::event_ptr event{}; ///< null: the holder has it
};

/// The same as it comes. The views are of the message's bytes.
struct copy_come {
  std::uint64_t ticket = 0;
  holder_list list{};
  std::string_view event{}; ///< packed, and well-formed; empty: the list alone
  std::string_view endpoint{}; ///< the event's
};

/// Copies are counted on each link, both ways from 1.
template <class Copy>
struct copies_message {
  /// The peer's copies up to this number are here, except those refused.
  std::uint64_t confirmed = 0;
  std::vector<refused_copy> refused{}; ///< ascending; each is said once
  /// Events of the sender that have ended.
  std::vector<std::uint64_t> released{};
  std::optional<ticket_page> audit{}; ///< of the sender's events
  /// Events of nodes that are gone: they ended at the sender, or run there.
  std::vector<copy_name> ended{};
  std::vector<copy_name> running{};
  std::uint64_t first = 1; ///< the number of the next copy, here or later
  std::vector<Copy> copies{};
};

using copies_sent = copies_message<copy_sent>;
using copies_come = copies_message<copy_come>;

/// Requires: within the bounds above. `now` is what the times in the events
/// are counted from.
[[nodiscard]] std::string pack(const copies_sent& what,
                               std::chrono::steady_clock::time_point now);

/// What a list adds to a message at most; an event adds its packed_size.
[[nodiscard]] std::size_t packed_size(const holder_list& list) noexcept;

/// The error is the end of a sentence: "a copies message ends within a text".
[[nodiscard]] tl::expected<copies_come, std::string>
unpack_copies(std::string_view bytes);

/// Of the bytes in `copy_come::event`, wherever they are kept.
[[nodiscard]] tl::expected<wire_event, std::string>
unpack_copied_event(std::string_view bytes);

} // namespace mfo::cluster
