#pragma once

#include "actors/interfaces.hpp"
#include "actors/route.hpp"
#include "cluster/calling/call_desk.hpp"
#include "cluster/claims/claim_desk.hpp"
#include "cluster/copies/copy_settings.hpp"
#include "cluster/hub/hub_report.hpp"
#include "cluster/hub/peer_messages.hpp"
#include "cluster/hub/peer_wire.hpp"
#include "cluster/membership/node_card.hpp"
#include "cluster/membership/settings.hpp"
#include "cluster/messages/event_packing.hpp"
#include "cluster/sharing/dispatcher.hpp"
#include "config/settings.hpp"
#include "core/stage.hpp"
#include "telemetry/event_book.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

using link_event_ptr = std::shared_ptr<const link_event>;

/// What the names of all seeds stand for.
using seed_list_ptr = std::shared_ptr<const std::vector<address>>;

/// What the hub needs of one generation.
struct hub_rules {
  core::generation_ptr generation{}; ///< of events that peers have it run
  /// Whose calls this node makes, for itself and for peers: of each there is a
  /// connector, sooner or later. None: it is no connector.
  std::set<std::string, std::less<>> servers{};
  /// Those that this node has, by their ids.
  std::map<std::string, std::shared_ptr<const config::endpoint_settings>,
           std::less<>>
      endpoints{};
  std::vector<taskflow::workflow_ptr> workflows{};
  bool traced = false; ///< spans are made of what peers have it run
  /// The calls to the servers at this moment. Called for events: cheap.
  std::function<node_load()> load{};
  /// The servers whose circuit is open here.
  std::function<std::vector<std::string>()> open_circuits{};

  /// Null: there is none of that id.
  [[nodiscard]] std::shared_ptr<const config::endpoint_settings>
  endpoint(std::string_view id) const {
    const auto found = endpoints.find(id);
    return found == endpoints.end() ? nullptr : found->second;
  }

  /// A peer's event here; null: there is no such endpoint.
  [[nodiscard]] core::event_ptr
  revive(const wire_event& what, std::shared_ptr<core::stage_depths> depths,
         std::chrono::steady_clock::time_point now) const;
};

using hub_rules_ptr = std::shared_ptr<const hub_rules>;

} // namespace mfo::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::cluster::link_event_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::cluster::peer_wire_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::cluster::seed_list_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::cluster::hub_rules_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::config::listen_address)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::core::delivery_end)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::chrono::milliseconds)

namespace mfo::cluster {

using due_atom = caf::atom_constant<caf::atom("due")>;
using failed_atom = caf::atom_constant<caf::atom("failed")>;
using flush_atom = caf::atom_constant<caf::atom("flush")>;
using found_atom = caf::atom_constant<caf::atom("found")>;
using hand_over_atom = caf::atom_constant<caf::atom("handover")>;
using leave_atom = caf::atom_constant<caf::atom("leave")>;
using settle_atom = caf::atom_constant<caf::atom("settle")>;
using settled_atom = caf::atom_constant<caf::atom("settled")>;

/// The node's part in its cluster: it stands between router and task runner,
/// and has each event run here or by a peer; on a node that is no connector it
/// has peers call the servers.
using hub_actor = gate_actor::extend_with<actors::sharing_actor>::extend<
    // Reaches peers by this from now on: the cluster begins.
    caf::reacts_to<peer_wire_ptr>,
    // What the transport has to tell.
    caf::reacts_to<link_event_ptr>,
    // The seeds' names stand for these.
    caf::reacts_to<found_atom, seed_list_ptr>,
    // The name of a dial's target stands for this address.
    caf::reacts_to<found_atom, std::uint64_t, std::string,
                   config::listen_address>,
    // Or for none, or the transport cannot take the dial.
    caf::reacts_to<failed_atom, std::uint64_t>,
    // The peer breaks the rules on the link of this number; sent by the actor
    // to itself.
    caf::reacts_to<failed_atom, std::uint64_t, std::string>,
    // Says to a peer what there is to say; sent by the actor to itself.
    caf::reacts_to<flush_atom, std::string>,
    // An event of `ack: replicated` that came in here, or was taken over, needs
    // nobody any more.
    caf::reacts_to<settled_atom, std::string>,
    // This node stops before it is done with the event, which was acknowledged:
    // a peer is to have it, and to go on with it once this node has left.
    caf::reacts_to<hand_over_atom, core::event_ptr>,
    // A delivery that came in here has ended, or this node holds it.
    caf::reacts_to<settle_atom, core::event_ptr, core::delivery_end>,
    // A schedule is due: this trigger's, at this time since 1970.
    caf::reacts_to<due_atom, std::string, std::chrono::milliseconds>,
    // A configuration has come into force: its rules hold from now on. Their
    // runner and connectors are known.
    caf::reacts_to<actors::adopt_atom, hub_rules_ptr>,
    // Takes no more work of peers, and gives new events to them.
    caf::reacts_to<drain_atom>,
    // Says good-bye; `hub_report::left` tells when that is done.
    caf::reacts_to<leave_atom>,
    // Time has gone by; sent by the actor to itself.
    caf::reacts_to<actors::tick_atom>>;

/// What the hub needs of its node, and the rules that it begins with, which are
/// kept only until others hold.
struct hub_deps : hub_rules {
  std::string cluster;
  node_card card;
  membership_settings membership{};
  sharing_settings sharing{};
  std::vector<config::listen_address> seeds{};
  copy_settings copies{};
  claim_settings claims{};
  calling_settings calling{};
  bool dedup = true; ///< deliveries are told apart by their ids
  std::shared_ptr<core::stage_depths> depths{};
  resolve_function resolve{};
  std::function<double()> uniform{}; ///< random in [0, 1)
  /// Others hold the event: its sender may hear that it is taken. As all that
  /// follow: any thread, and must not block.
  std::function<void(const core::event_ptr&)> acknowledge{};
  /// The event is under way for as long as its sender may wait.
  std::function<void(const core::event_ptr&)> answer_late{};
  /// An event of a node that is gone goes the way of all events here; false:
  /// there is no room now. `settled_atom` is to be sent once it has ended.
  std::function<bool(const core::event_ptr&)> take_over{};
  /// Whether the event of this id was handed over.
  std::function<void(const std::string& id, bool done)> handed_over{};
  /// Fires a schedule's tick, which no other node does.
  std::function<void(const tick_record&)> fire{};
  /// The wall clock, since 1970.
  std::function<std::chrono::milliseconds()> unix_now{};
  /// An operator asks this node to take no more work. Any thread.
  std::function<void()> drain_asked{};
  std::shared_ptr<hub_report> report{};
  std::shared_ptr<telemetry::log> log{};
  /// Has the stories of peers' events that run here. Not null.
  std::shared_ptr<telemetry::event_book> events =
      std::make_shared<telemetry::event_book>();
};

using hub_deps_ptr = std::shared_ptr<const hub_deps>;

class hub_engine;

struct hub_state {
  hub_state();
  ~hub_state();

  static inline const char* name = "hub";

  std::unique_ptr<hub_engine> engine;
};

/// A thin shell: who is there is for `link_keeper` and `membership` to know,
/// who runs what for `dispatcher`, who calls servers for `call_desk`.
hub_actor::behavior_type hub(hub_actor::stateful_pointer<hub_state> self,
                             hub_deps_ptr deps);

} // namespace mfo::cluster
