#pragma once

#include "cluster/transport/link_scribe.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mfo::cluster::wire {

/// Hands finished connections to CAF's BASP broker, and asks it what became of
/// those that were dialled. For the transport's thread.
class basp_desk {
public:
  struct parts {
    caf::actor_system* system;
    caf::io::network::default_multiplexer* multiplexer;
    caf::strong_actor_ptr gate; ///< what peers may write to
    std::uint16_t port;         ///< under which the gate is published
    std::size_t max_unsent;
    std::shared_ptr<inbox> told;
  };

  explicit basp_desk(parts given);
  ~basp_desk();
  basp_desk(const basp_desk&) = delete;

  /// One that came in: CAF sends it the gate.
  link_scribe_ptr take_in(link_id link, channel connection,
                          const header_filter& filter);

  /// One that was dialled: a joined_note follows within `limit`, or its
  /// closed_note comes before that.
  link_scribe_ptr join(link_id link, channel connection,
                       const header_filter& filter,
                       std::chrono::nanoseconds limit);

  /// As node_id_of.
  [[nodiscard]] caf::node_id node_of(std::string_view bytes) const;

private:
  link_scribe_ptr make(link_id link, channel connection,
                       const header_filter& filter);

  parts parts_;
  caf::actor broker_;
  caf::actor asker_;
};

} // namespace mfo::cluster::wire
