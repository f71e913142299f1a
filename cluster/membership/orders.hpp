#pragma once

#include "cluster/membership/address.hpp"
#include "cluster/membership/heartbeat.hpp"
#include "cluster/membership/member_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mfo::cluster {

/// A link as both sides can name it, without a number of the transport.
struct link_key {
  std::string peer;          ///< the other side's name
  std::uint64_t process = 0; ///< of the other side (incarnation::process)
  bool dialled_here = false; ///< by this node; else by the other side
  std::uint64_t dial = 0;    ///< the dialler's number of the dial

  friend bool operator==(const link_key&, const link_key&) = default;
};

/// What `membership` asks of whoever owns it, to be carried out in order.
namespace orders {

/// Dial, say hello with this number, and answer with one of link_opened,
/// dial_failed, refused_peer and refused_by_peer.
struct dial {
  std::uint64_t number = 0; ///< never given twice by one process
  address where;
  /// Who should answer; somebody else is welcome too. Nothing: a seed.
  std::optional<std::string> expected;
};

/// If the link cannot take it now, drop it: the next one says more.
struct send_heartbeat {
  link_key to;
  heartbeat message;
};

/// No answer is needed; link_closed does no harm.
struct close_link {
  link_key link;
  std::string reason; ///< for the logs of both sides
};

/// Look all seeds up, and answer with seeds_resolved.
struct resolve_seeds {};

/// For the log and the metrics: every change of a member, oneself included.
struct report_change {
  std::string member;
  std::optional<member_state> from; ///< nothing: it was not known
  std::optional<member_state> to;   ///< nothing: it is forgotten
  std::string reason;               ///< in words
};

enum class notice_kind : std::uint8_t {
  refuted,            ///< this node was suspected, and contradicted that
  incarnation_raised, ///< this node's, above one of a process that is gone
  name_conflict,      ///< another live process has this node's name
  table_full,         ///< a member was refused
  too_many_seeds,     ///< some were left out
  bad_message,        ///< a peer's heartbeat or record was out of bounds
  was_stopped,        ///< this process did not run for a while
  dial_lost,          ///< a dial had no answer
};

/// For the log. Of table_full and bad_message only the first of a row of them:
/// all are counted.
struct notice {
  notice_kind kind;
  std::string text;
};

} // namespace orders

using order =
    std::variant<orders::dial, orders::send_heartbeat, orders::close_link,
                 orders::resolve_seeds, orders::report_change, orders::notice>;

/// Of one call: at most three for each member, one for each row of a heartbeat,
/// and 32 more.
using order_list = std::vector<order>;

} // namespace mfo::cluster
