#pragma once

#include "telemetry/metric_description.hpp"

/// The part of the metric table that is about the cluster; there are no samples
/// of it on a node that is alone.
namespace mfo::telemetry {

inline constexpr metric_description cluster_members{
    "mfo_cluster_members", metric_kind::gauge, "state",
    "Members of the cluster as this node sees them, itself included."};
inline constexpr metric_description cluster_links{
    "mfo_cluster_links", metric_kind::gauge, "",
    "Peers with which there is a link."};
inline constexpr metric_description cluster_links_ended{
    "mfo_cluster_links_ended_total", metric_kind::counter, "reason",
    "Links to peers that ended, and connections that did not become one."};
inline constexpr metric_description cluster_round_trip{
    "mfo_cluster_peer_rtt_seconds", metric_kind::gauge, "node",
    "Round trip to a peer with a link, as TCP measures it."};
inline constexpr metric_description cluster_credit_events{
    "mfo_cluster_credit_events", metric_kind::gauge, "node",
    "Events that a peer may be sent now."};
inline constexpr metric_description cluster_credit_bytes{
    "mfo_cluster_credit_bytes", metric_kind::gauge, "node",
    "Bytes of events that a peer may be sent now."};
inline constexpr metric_description cluster_dials{
    "mfo_cluster_dials_total", metric_kind::counter, "result",
    "Peers that this node called on; result is begun or failed."};
inline constexpr metric_description cluster_suspicions{
    "mfo_cluster_suspicions_total", metric_kind::counter, "",
    "Members that became suspect."};
inline constexpr metric_description cluster_bad_messages{
    "mfo_cluster_bad_messages_total", metric_kind::counter, "",
    "Heartbeats of peers that were out of bounds."};
inline constexpr metric_description cluster_events_moved{
    "mfo_cluster_events_moved_total", metric_kind::counter, "reason",
    "Events that this node gave to a peer, by why."};
inline constexpr metric_description cluster_events_taken{
    "mfo_cluster_events_taken_total", metric_kind::counter, "",
    "Events of peers that this node ran."};
inline constexpr metric_description cluster_events_away{
    "mfo_cluster_events_away", metric_kind::gauge, "",
    "Events of this node that peers have."};
inline constexpr metric_description cluster_events_running{
    "mfo_cluster_events_of_peers", metric_kind::gauge, "",
    "Events of peers that this node runs."};
inline constexpr metric_description cluster_events_waiting{
    "mfo_cluster_events_waiting", metric_kind::gauge, "",
    "Events that wait for a node that can run them."};
inline constexpr metric_description cluster_bytes{
    "mfo_cluster_bytes_total", metric_kind::counter, "direction",
    "Bytes of events, copies and calls, sent to peers and received from them."};
inline constexpr metric_description cluster_copies_open{
    "mfo_cluster_copies_open", metric_kind::gauge, "",
    "Events of this node that peers hold, or are to."};
inline constexpr metric_description cluster_copies_held{
    "mfo_cluster_copies_held", metric_kind::gauge, "",
    "Events of peers that this node holds."};
inline constexpr metric_description cluster_copies_held_bytes{
    "mfo_cluster_copies_held_bytes", metric_kind::gauge, "",
    "Bytes of the events of peers that this node holds."};
inline constexpr metric_description cluster_replications{
    "mfo_cluster_replications_total", metric_kind::counter, "result",
    "Events that peers were to hold: begun, held, or given_up."};
inline constexpr metric_description cluster_copies{
    "mfo_cluster_copies_total", metric_kind::counter, "result",
    "Copies of peers' events: kept, released, audited (let go without a "
    "release), or why they were not kept."};
inline constexpr metric_description cluster_take_overs{
    "mfo_cluster_take_overs_total", metric_kind::counter, "",
    "Events that this node ran because the node that had them is gone."};
inline constexpr metric_description cluster_claims{
    "mfo_cluster_claims_total", metric_kind::counter, "result",
    "What deliveries and ticks asked the owner of their id: asked, each time; "
    "repeated; and undecided, taken for new as no owner answered in time. "
    "Untold are ends of deliveries that their owner will not hear of, and "
    "unanswered questions of peers that ask faster than it can be answered."};
inline constexpr metric_description cluster_ticks{
    "mfo_cluster_ticks_total", metric_kind::counter, "result",
    "Ticks of schedules: fired by this node; missed, nobody is known to have "
    "fired them; unkept, there was no room to remember them."};
inline constexpr metric_description cluster_calls{
    "mfo_cluster_calls_total", metric_kind::counter, "result",
    "Calls of servers that peers were to make for this node, as it is no "
    "connector: handed to one, of these moved (they had come back), and "
    "came_back."};
inline constexpr metric_description cluster_calls_waiting{
    "mfo_cluster_calls_waiting", metric_kind::gauge, "",
    "Calls of this node that wait for a connector that can make them."};
inline constexpr metric_description cluster_calls_away{
    "mfo_cluster_calls_away", metric_kind::gauge, "",
    "Calls of this node that peers make."};
inline constexpr metric_description cluster_calls_running{
    "mfo_cluster_calls_of_peers", metric_kind::gauge, "",
    "Calls of peers that this node makes."};
inline constexpr metric_description cluster_calls_untold_bytes{
    "mfo_cluster_calls_untold_bytes", metric_kind::gauge, "",
    "Bytes of what came of peers' calls that the peers have not heard yet."};
inline constexpr metric_description cluster_certificate_expiry{
    "mfo_cluster_certificate_expiry_timestamp_seconds", metric_kind::gauge, "",
    "When the certificate that this node shows its peers ends."};

} // namespace mfo::telemetry
