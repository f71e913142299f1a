#pragma once

#include <caf/all.hpp>

#include <cstdint>
#include <string>

/// What the hubs of two nodes send to each other, as CAF's messages; what is in
/// the bytes is in cluster/messages/.
namespace mfo::cluster {

using beat_atom = caf::atom_constant<caf::atom("beat")>;
using calls_atom = caf::atom_constant<caf::atom("calls")>;
using claims_atom = caf::atom_constant<caf::atom("claims")>;
using copies_atom = caf::atom_constant<caf::atom("copies")>;
using drain_atom = caf::atom_constant<caf::atom("drain")>;
using hello_atom = caf::atom_constant<caf::atom("hello")>;
using refuse_atom = caf::atom_constant<caf::atom("refuse")>;
using welcome_atom = caf::atom_constant<caf::atom("welcome")>;
using work_atom = caf::atom_constant<caf::atom("work")>;

/// The one actor of a node that its peers write to. A message that comes over
/// a link which both sides know has the link's number: what was under way when
/// a link ended says nothing on the next.
using gate_actor = caf::typed_actor<
    // The first word, of the side that dialled: a hello.
    caf::reacts_to<hello_atom, std::string>,
    // The answer to it: the other side's hello. The link is up.
    caf::reacts_to<welcome_atom, std::string>,
    // Or a refusal, of either side.
    caf::reacts_to<refuse_atom, std::string>,
    // A heartbeat.
    caf::reacts_to<beat_atom, std::string>,
    // An operator asks the node of this name to take no more work; of a peer,
    // its own.
    caf::reacts_to<drain_atom, std::string>,
    // Events and how they ended, on the link of this number.
    caf::reacts_to<work_atom, std::uint64_t, std::string>,
    // Copies of events, and what became of them, likewise.
    caf::reacts_to<copies_atom, std::uint64_t, std::string>,
    // Deliveries that may be repetitions, and ticks of schedules, likewise.
    caf::reacts_to<claims_atom, std::uint64_t, std::string>,
    // Calls of servers that one node makes for the other, and what came of
    // them, likewise.
    caf::reacts_to<calls_atom, std::uint64_t, std::string>>;

} // namespace mfo::cluster
