#pragma once

#include "cluster/membership/node_card.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mfo::cluster {

/// In order of weight: of two records of one incarnation and refutation the
/// later one holds.
enum class member_state : std::uint8_t {
  alive,
  suspect, ///< somebody has not heard of it for a while, or lost its link
  dead,    ///< nobody has heard of it for longer
  left,    ///< it said so itself; of its incarnation the last word
};

[[nodiscard]] std::string_view to_string(member_state state) noexcept;

/// What the cluster says of one node. Records are values that nobody changes:
/// nodes of one process, tables and views share them.
struct member_record {
  std::shared_ptr<const node_card> card; ///< never null
  member_state state = member_state::alive;
  /// Raised by the node itself, and by nobody else, to contradict who suspects
  /// it (the "incarnation number" of SWIM; here that word is for processes).
  std::uint32_t refutation = 0;
};

/// What is said of a member without its card: what a peer hears of itself.
struct member_opinion {
  incarnation born;
  member_state state = member_state::alive;
  std::uint32_t refutation = 0;
};

[[nodiscard]] member_opinion opinion_of(const member_record& record) noexcept;

/// The order of records of one name: the greater one holds (Das, Gupta,
/// Motivala: "SWIM", 2002, section 4.2, with these changes):
/// - a later incarnation beats an earlier one, whatever their states are: a
///   node that restarted needs not refute what is said of its predecessor;
/// - within one, `left` beats everything;
/// - then the greater refutation holds, for `dead` too: a node that was cut off
///   comes back as the process it is;
/// - then the state, as in SWIM: alive < suspect < dead;
/// - what is left differs by a mistake in cards alone, and is put in some
///   order, so that all tables still become equal.
///
/// As this is a total order, taking the greater is associative, commutative and
/// idempotent: tables become equal in whatever order messages come.
/// Requires: the same name.
[[nodiscard]] std::strong_ordering compare(const member_record& a,
                                           const member_record& b) noexcept;

/// Whether `a` is to replace `b`.
[[nodiscard]] inline bool supersedes(const member_record& a,
                                     const member_record& b) noexcept {
  return compare(a, b) > 0;
}

/// The one that holds.
[[nodiscard]] inline const member_record&
merged(const member_record& a, const member_record& b) noexcept {
  return supersedes(b, a) ? b : a;
}

} // namespace mfo::cluster
