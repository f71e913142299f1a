#pragma once

#include "cluster/rules/ownership.hpp"
#include "cluster/rules/schedule_owner.hpp"
#include "core/delivery_window.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What two nodes say to each other about deliveries that may be repetitions,
/// and about ticks of schedules: questions to who owns an id, its answers, and
/// with both what the other is to know. All of it in one message, which begins
/// with a number of its kind, so that a later version may have others.
namespace mfo::cluster {

/// Of one message, each.
constexpr std::size_t most_claims_asked = 1024;
constexpr std::size_t most_claims_answered = 1024;
constexpr std::size_t most_claims_told = 1024;
constexpr std::size_t most_ticks_told = 1024;

constexpr std::size_t longest_claim_id = 256; ///< bytes
constexpr std::size_t longest_tick_trigger = 200;

/// What becomes of a claim, in a cluster as on a node alone.
using claim_verdict = core::delivery_window::verdict;

/// A delivery wants to go on.
struct asked_claim {
  std::uint64_t number = 0; ///< of the asker's claims
  std::string id{};
  std::chrono::milliseconds left{0}; ///< until it has ended
};

struct answered_claim {
  std::uint64_t number = 0;
  claim_verdict verdict = claim_verdict::fresh;
};

/// A delivery has ended, or was acknowledged and is held by the teller.
struct settled_claim {
  std::uint64_t number = 0;
  std::string id{};
  core::delivery_end end = core::delivery_end::failed;
};

/// What the owner of an id is to know: how a delivery ended, or what another
/// owner knew before. Told until it is acknowledged.
using told_claim = std::variant<settled_claim, ownership::record>;

struct claims_message {
  /// So many of the peer's `told` have come over this link.
  std::uint64_t heard = 0;
  std::vector<asked_claim> asked{};
  std::vector<answered_claim> answered{};
  std::vector<told_claim> told{};
  std::vector<tick_record> fired{};
};

/// Requires: within the bounds above, ticks since 1970. Spans are cut to what
/// can be told.
[[nodiscard]] std::string pack(const claims_message& what);

/// Nothing: it is of a kind that this version does not know, and can be passed
/// over. The error is the end of a sentence: "a claims message ends within a
/// text".
[[nodiscard]] tl::expected<std::optional<claims_message>, std::string>
unpack_claims(std::string_view bytes);

} // namespace mfo::cluster
