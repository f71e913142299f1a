#pragma once

#include "actors/api_request.hpp"
#include "actors/flow_request.hpp"
#include "actors/route.hpp"
#include "core/event.hpp"
#include "core/outcome.hpp"
#include "core/stage.hpp"
#include "http/client.hpp"
#include "http/exchange.hpp"
#include "taskflow/call.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// Every contract between the actors of a node: one alias an actor, one
/// sentence a message. An event passes them in this order:
///
///     listener → intake → validator → router → task_runner → mfo_connector
///
/// In a cluster the hub (cluster/hub/) is between router and task_runner. On a
/// node that does not call servers itself a remote_connector is in the place of
/// the mfo_connector, and leads to the hub.
///
/// Each stage answers the event's request itself or delegates it to the next,
/// so that the outcome travels back to intake along one response promise.

namespace mfo::actors {

/// What a run asked of somebody else, answered on another thread.
using call_result_ptr = std::shared_ptr<const taskflow::call_result>;

/// What a request turned out to hold.
using event_list_ptr = std::shared_ptr<const std::vector<core::event_ptr>>;

using workflow_list = std::vector<taskflow::workflow_ptr>;

struct validator_deps;
struct generation_parts;

/// What a validator needs of one generation.
using validator_deps_ptr = std::shared_ptr<const validator_deps>;

/// What the stages of a node are made of, all of it of one configuration.
using generation_parts_ptr = std::shared_ptr<const generation_parts>;

} // namespace mfo::actors

// Messages stay within the process: nothing here needs a serialised form.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::core::event_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::core::outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::route_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::core::stage)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::http::exchange_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::http::client_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::event_list_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::call_result_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::flow_request_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::flow_result_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::api_request_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::api_result_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::validator_deps_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::generation_parts_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mfo::actors::workflow_list)

namespace mfo::actors {

using abandon_atom = caf::atom_constant<caf::atom("abandon")>;
using accept_atom = caf::atom_constant<caf::atom("accept")>;
using adopt_atom = caf::atom_constant<caf::atom("adopt")>;
using batch_atom = caf::atom_constant<caf::atom("batch")>;
using buried_atom = caf::atom_constant<caf::atom("buried")>;
using cancel_atom = caf::atom_constant<caf::atom("cancel")>;
using divide_atom = caf::atom_constant<caf::atom("divide")>;
using forget_atom = caf::atom_constant<caf::atom("forget")>;
using late_atom = caf::atom_constant<caf::atom("late")>;
using login_atom = caf::atom_constant<caf::atom("login")>;
using open_atom = caf::atom_constant<caf::atom("open")>;
using reply_atom = caf::atom_constant<caf::atom("reply")>;
using restart_atom = caf::atom_constant<caf::atom("restart")>;
using retire_atom = caf::atom_constant<caf::atom("retire")>;
using retry_atom = caf::atom_constant<caf::atom("retry")>;
using subscribe_atom = caf::atom_constant<caf::atom("subscribe")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;
using wake_atom = caf::atom_constant<caf::atom("wake")>;
using wire_atom = caf::atom_constant<caf::atom("wire")>;

/// Calls one MFO server.
using mfo_connector_actor = caf::typed_actor<
    // Delivers the event to the server, within its deadline.
    caf::replies_to<core::event_ptr>::with<core::outcome>,
    // Makes any other call of the server's API, within its deadline.
    caf::replies_to<api_request_ptr>::with<api_result_ptr>,
    // Nobody waits for the call of this id any more.
    caf::reacts_to<cancel_atom, std::string>,
    // The endpoints can be reached: subscribes to what is to be told to them.
    caf::reacts_to<open_atom>,
    // Ends every call that it holds: the node stops now.
    caf::reacts_to<abandon_atom>>;

/// Runs what the router decided.
using task_runner_actor = caf::typed_actor<
    // Runs the route for the event; the outcome is that of all of it.
    caf::replies_to<core::event_ptr, route_ptr>::with<core::outcome>,
    // Runs one taskflow.
    caf::replies_to<flow_request_ptr>::with<flow_result_ptr>,
    // Ends the run of this id, if there is one, for this reason.
    caf::reacts_to<cancel_atom, std::string, std::string>,
    // Ends every run: the node stops now.
    caf::reacts_to<abandon_atom>,
    // Calls the server of this name by this connector from now on.
    caf::reacts_to<wire_atom, std::string, mfo_connector_actor>>;

/// Sees to it that a route is run.
using work_actor = caf::typed_actor<
    // Runs the route for the event; the outcome is that of all of it.
    caf::replies_to<core::event_ptr, route_ptr>::with<core::outcome>>;

/// In a cluster, stands between router and task runner: it has a route run
/// here, or by another node. So it has calls of servers made on a node that
/// does not make them itself.
using sharing_actor = work_actor::extend<
    // Runs what is run here, of this generation, by this task runner from now
    // on.
    caf::reacts_to<wire_atom, task_runner_actor, std::uint64_t>,
    // There are no events of this generation any more.
    caf::reacts_to<forget_atom, std::uint64_t>,
    // Makes peers' calls of the server of this name by this connector from now
    // on.
    caf::reacts_to<wire_atom, std::string, mfo_connector_actor>,
    // Has a peer make this call of the server of this name.
    caf::replies_to<std::string, api_request_ptr>::with<api_result_ptr>,
    // Has a peer deliver the event to the server of this name.
    caf::replies_to<std::string, core::event_ptr>::with<core::outcome>,
    // Nobody waits any more for the call of this server that has this id.
    caf::reacts_to<cancel_atom, std::string, std::string>,
    // Ends every call of this server that a peer makes: the node stops now.
    caf::reacts_to<abandon_atom, std::string>>;

/// Decides what is to be done with an event.
using router_actor = caf::typed_actor<
    // Finds the event's route and has it run.
    caf::replies_to<core::event_ptr>::with<core::outcome>,
    // Hands events of this generation to this runner, or to who shares them,
    // from now on.
    caf::reacts_to<wire_atom, work_actor, std::uint64_t>,
    // Routes events of this generation to these workflows, and hands them to
    // this runner, or to who shares them.
    caf::reacts_to<adopt_atom, std::uint64_t, workflow_list, work_actor>,
    // There are no events of this generation any more.
    caf::reacts_to<forget_atom, std::uint64_t>>;

/// Decides whether an event is genuine and well-formed.
using validator_actor = caf::typed_actor<
    // Refuses the event, or passes it on, or has what is in it come in its
    // place.
    caf::replies_to<core::event_ptr>::with<core::outcome>,
    // Hands events to this router from now on.
    caf::reacts_to<wire_atom, router_actor>,
    // Examines events of the generation of these by them.
    caf::reacts_to<adopt_atom, validator_deps_ptr>,
    // There are no events of this generation any more.
    caf::reacts_to<forget_atom, std::uint64_t>>;

/// Owns the exchanges: admits, watches deadlines, answers.
using intake_actor = caf::typed_actor<
    // Takes an exchange over; it is answered by its event's deadline.
    caf::reacts_to<http::exchange_ptr>,
    // Hands events to this validator from now on.
    caf::reacts_to<wire_atom, validator_actor>,
    // The event is genuine and its body holds these: they come in its place.
    caf::reacts_to<divide_atom, core::event_ptr, event_list_ptr>,
    // The event is genuine: acknowledges it, where its endpoint says so.
    caf::reacts_to<accept_atom, core::event_ptr>,
    // The event's sender has waited for long enough: answers it, whatever
    // becomes of the event.
    caf::reacts_to<late_atom, core::event_ptr>,
    // Ends everything in flight: the node stops now.
    caf::reacts_to<abandon_atom>,
    // Looks for passed deadlines; sent by the actor to itself.
    caf::reacts_to<tick_atom>>;

/// Starts the stages, restarts what fails, gives up when it fails too often.
using supervisor_actor = caf::typed_actor<
    // Starts the stage again, a connector by its server's name and the
    // generation that it was first of, a task runner by its generation; sent
    // by the actor to itself, after a back-off.
    caf::reacts_to<restart_atom, core::stage, std::string, std::uint64_t>,
    // Runs events of this generation too, whose number is higher than that of
    // any before; once it is answered they may come. `open_atom` is sent again
    // when its endpoints can be reached.
    caf::replies_to<adopt_atom, generation_parts_ptr>::with<std::uint64_t>,
    // There are no events of this generation any more, and it is not the
    // newest; the answer comes once what was its alone has ended.
    caf::replies_to<retire_atom, std::uint64_t>::with<std::uint64_t>,
    // Passes on to the connectors, also to those started later.
    caf::reacts_to<open_atom>,
    // Passes on to the task runners, with the reason that an operator asked.
    caf::reacts_to<cancel_atom, std::string>,
    // Passes on to the connectors, and a little later to the intake.
    caf::reacts_to<abandon_atom>>;

} // namespace mfo::actors
