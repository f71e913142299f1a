#pragma once

#include "cluster/rules/parcel.hpp"
#include "core/event.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::cluster {

struct wire_event;

/// Why an event is not held by as many nodes as it was to be.
enum class give_up_cause : std::uint8_t {
  unconfirmed,   ///< not all holders have said in time that they have it
  too_few_peers, ///< some refused or were lost, and nobody was left to ask
};

/// A word, for logs and metrics: "unconfirmed".
std::string_view to_string(give_up_cause why) noexcept;

/// What the copy desk asks of whoever owns it. Nothing of it may call the desk
/// before it returns.
class copy_host {
public:
  copy_host() = default;
  copy_host(const copy_host&) = delete;
  copy_host& operator=(const copy_host&) = delete;
  virtual ~copy_host() = default;

  /// A copies message for a peer, over its present link.
  virtual void send(const std::string& peer, std::string bytes) = 0;

  /// `copy_desk::flush(peer)` is to be called once what is at hand now has been
  /// dealt with.
  virtual void flush_soon(const std::string& peer) = 0;

  /// The event is held: it may be acknowledged. Once for an event at most, and
  /// not after `not_held` or `copy_desk::done`.
  virtual void held(const core::event_ptr& event) = 0;

  /// It is not, and the desk has given it up: it must not be acknowledged as
  /// replicated.
  virtual void not_held(const core::event_ptr& event, give_up_cause why) = 0;

  /// Whether this node has an endpoint of that id, and so could take over an
  /// event of it.
  virtual bool has_endpoint(std::string_view id) = 0;

  /// The event that another node sent, for this one; null: it is none that this
  /// node can run.
  virtual core::event_ptr revive(const wire_event& what) = 0;

  /// Runs an event whose origin is gone, or places it; `copy_desk::concluded`
  /// is to be told when it has ended. It was acknowledged, perhaps, so that it
  /// is to be delivered or to become a dead letter, even where its time is up.
  virtual void take_over(const node_life& origin,
                         const core::event_ptr& event) = 0;

  /// An event that should be taken over could not be revived any more: other
  /// holders have it, or it is lost.
  virtual void cannot_run(const node_life& origin, std::string_view id) = 0;

  /// The peer breaks the rules: its link is to be closed.
  virtual void faulty(const std::string& peer, std::string_view why) = 0;
};

} // namespace mfo::cluster
