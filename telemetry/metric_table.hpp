#pragma once

#include "telemetry/cluster_metric_table.hpp"
#include "telemetry/metric_description.hpp"

#include <array>
#include <string>
#include <string_view>

/// Every metric of the node, once: the exposition and
/// docs/reference/metrics.md are both made of this table.
namespace mfo::telemetry {

inline constexpr metric_description events_received{
    "mfo_events_received_total", metric_kind::counter, "endpoint",
    "Requests to an endpoint, whatever became of them; endpoint is 'none' "
    "where "
    "no endpoint was recognised."};
inline constexpr metric_description events_delivered{
    "mfo_events_delivered_total", metric_kind::counter, "endpoint",
    "Events that the MFO server took."};
inline constexpr metric_description events_refused{
    "mfo_events_refused_total", metric_kind::counter, "endpoint,reason",
    "Events whose sender got an error answer, by reason."};
inline constexpr metric_description events_dead_lettered{
    "mfo_events_dead_lettered_total", metric_kind::counter, "endpoint,reason",
    "Events that were acknowledged and could not be delivered."};
inline constexpr metric_description events_handed_over{
    "mfo_events_handed_over_total", metric_kind::counter, "endpoint",
    "Events that were acknowledged, and that this node gave to peers as it "
    "stopped; each is received once more there."};
inline constexpr metric_description events_in_flight{
    "mfo_events_in_flight", metric_kind::gauge, "",
    "Events received and not yet delivered, refused or dead-lettered."};
inline constexpr metric_description bytes_in_flight{
    "mfo_bytes_in_flight", metric_kind::gauge, "",
    "Payload bytes held by events in flight and by bodies being read."};
inline constexpr metric_description events_in_line{
    "mfo_events_waiting_in_order", metric_kind::gauge, "",
    "Events that wait for those before them with their ordering key."};
inline constexpr metric_description queue_depth{
    "mfo_queue_depth", metric_kind::gauge, "stage",
    "Events that wait in or are held by each stage."};
inline constexpr metric_description event_duration{
    "mfo_event_duration_seconds", metric_kind::histogram, "endpoint",
    "Time from admission to the answer to the sender."};
inline constexpr metric_description upstream_duration{
    "mfo_upstream_request_duration_seconds", metric_kind::histogram,
    "server,operation,result",
    "Time of one try at an MFO server; result is the reply's status class or "
    "what went wrong."};
inline constexpr metric_description upstream_retries{
    "mfo_upstream_retries_total", metric_kind::counter, "server,operation",
    "Tries at an MFO server beyond the first of each call."};
inline constexpr metric_description upstream_refused{
    "mfo_upstream_calls_refused_total", metric_kind::counter, "server,reason",
    "Calls that were answered without a try at the server."};
inline constexpr metric_description upstream_circuit{
    "mfo_upstream_circuit_state", metric_kind::gauge, "server",
    "The circuit breaker: 0 closed, 1 half-open, 2 open."};
inline constexpr metric_description upstream_in_flight{
    "mfo_upstream_calls_in_flight", metric_kind::gauge, "server",
    "Calls on the wire."};
inline constexpr metric_description upstream_limit{
    "mfo_upstream_calls_in_flight_limit", metric_kind::gauge, "server",
    "Calls that may be on the wire at a time."};
inline constexpr metric_description upstream_waiting{
    "mfo_upstream_calls_waiting", metric_kind::gauge, "server",
    "Calls that wait for their turn or between two tries; a batch is one."};
inline constexpr metric_description upstream_connections{
    "mfo_upstream_connections", metric_kind::gauge, "server,state",
    "Connections to an MFO server: open in all, and idle."};
inline constexpr metric_description subscription_active{
    "mfo_subscription_active", metric_kind::gauge, "server,event,endpoint",
    "Whether the server has the subscription, as far as the node knows: 0 "
    "before it took it, after a failure, and when it was not renewed in time."};
inline constexpr metric_description dead_letters_written{
    "mfo_dead_letters_written_total", metric_kind::counter, "sink",
    "Dead letters that the sink took."};
inline constexpr metric_description dead_letter_failures{
    "mfo_dead_letter_failures_total", metric_kind::counter, "sink",
    "Writes of dead letters that failed."};
inline constexpr metric_description dead_letters_waiting{
    "mfo_dead_letters_waiting", metric_kind::gauge, "",
    "Dead letters that no sink has taken yet; alert when it stays above 0."};
inline constexpr metric_description dependency_up{
    "mfo_dependency_up", metric_kind::gauge, "kind,name",
    "Whether the server, the sink of dead letters, the collector of spans or "
    "the peer answers: by its last calls or a probe since, its last write, "
    "request or probe, its state and its link."};
inline constexpr metric_description dependency_last_success{
    "mfo_dependency_last_success_timestamp_seconds", metric_kind::gauge,
    "kind,name",
    "When it answered last, in seconds since 1970; absent before it has."};
inline constexpr metric_description dependency_latency{
    "mfo_dependency_latency_seconds", metric_kind::gauge, "kind,name",
    "How long that answer took; of a peer, the round trip."};
inline constexpr metric_description dependency_certificate_expiry{
    "mfo_dependency_certificate_expiry_timestamp_seconds", metric_kind::gauge,
    "kind,name",
    "When the certificate ends that it has shown last; absent without TLS."};
inline constexpr metric_description source_last_event{
    "mfo_source_last_event_timestamp_seconds", metric_kind::gauge, "endpoint",
    "When the last genuine event came, in seconds since 1970; absent before "
    "the first."};
inline constexpr metric_description source_patience{
    "mfo_source_silence_bound_seconds", metric_kind::gauge, "endpoint",
    "The silence after which an endpoint's source counts as silent; absent "
    "where there is none, or it is not learned yet."};
inline constexpr metric_description source_silent{
    "mfo_source_silent", metric_kind::gauge, "endpoint",
    "Whether nothing has come for longer than that."};
inline constexpr metric_description http_connections{
    "mfo_http_connections", metric_kind::gauge, "",
    "Connections that senders hold open."};
inline constexpr metric_description http_connections_dropped{
    "mfo_http_connections_dropped_total", metric_kind::counter, "",
    "Connections of senders closed unanswered, as too many were being turned "
    "away already; with TLS, all that are beyond a limit."};
inline constexpr metric_description http_accept_failures{
    "mfo_http_accept_failures_total", metric_kind::counter, "",
    "Attempts to accept a connection of a sender that failed, for want of "
    "a descriptor or of memory; it waits, and is tried again."};
inline constexpr metric_description http_requests_cut_off{
    "mfo_http_requests_cut_off_total", metric_kind::counter, "",
    "Requests of senders whose connection ended before they were whole; they "
    "are no events."};
inline constexpr metric_description admin_unauthorized{
    "mfo_admin_unauthorized_total", metric_kind::counter, "",
    "Requests to the admin listener without a good token."};
inline constexpr metric_description admin_streams_cut_off{
    "mfo_admin_streams_cut_off_total", metric_kind::counter, "",
    "Streams of the admin listener that were ended, as their reader did not "
    "keep up."};
inline constexpr metric_description tls_handshakes{
    "mfo_tls_handshakes_total", metric_kind::counter, "listener,result",
    "TLS handshakes with senders (listener 'events') and operators ('admin'), "
    "by how they ended."};
inline constexpr metric_description tls_reloads{
    "mfo_tls_reloads_total", metric_kind::counter, "listener,result",
    "How often a listener's TLS files were read again; when that failed, the "
    "former ones stay in force."};
inline constexpr metric_description tls_certificate_expiry{
    "mfo_tls_certificate_expiry_seconds", metric_kind::gauge, "listener",
    "When the listener's certificate ends, in seconds since 1970."};
inline constexpr metric_description config_generation{
    "mfo_config_generation", metric_kind::gauge, "",
    "The number of the configuration in force: 1 at the start, and one more "
    "with each reload."};
inline constexpr metric_description config_generations_in_use{
    "mfo_config_generations_in_use", metric_kind::gauge, "",
    "Configurations that events or runs are under way under, the one in force "
    "among them."};
inline constexpr metric_description config_reloads{
    "mfo_config_reloads_total", metric_kind::counter, "result",
    "How often the configuration was read again: ok, or failed, when the "
    "former one stays in force."};
inline constexpr metric_description config_last_reload_successful{
    "mfo_config_last_reload_successful", metric_kind::gauge, "",
    "Whether the last reload went well, or there was none."};
inline constexpr metric_description config_last_reload_success_time{
    "mfo_config_last_reload_success_timestamp_seconds", metric_kind::gauge, "",
    "When the configuration in force was read, in seconds since 1970."};
inline constexpr metric_description taskflow_triggers{
    "mfo_taskflow_triggers_total", metric_kind::counter,
    "workflow,trigger,result",
    "Events at the triggers of workflows: started, filtered, failed (an "
    "expression gave an error) or refused (too many runs)."};
inline constexpr metric_description taskflow_runs{
    "mfo_taskflow_runs_total", metric_kind::counter,
    "workflow,taskflow,outcome", "Runs of taskflows that have ended."};
inline constexpr metric_description taskflow_run_duration{
    "mfo_taskflow_run_duration_seconds", metric_kind::histogram,
    "workflow,taskflow", "From the start of a run to its end."};
inline constexpr metric_description taskflow_runs_in_progress{
    "mfo_taskflow_runs_in_progress", metric_kind::gauge, "",
    "Runs of taskflows under way."};
inline constexpr metric_description taskflow_calls_in_progress{
    "mfo_taskflow_calls_in_progress", metric_kind::gauge, "",
    "Calls that runs of taskflows wait for."};
inline constexpr metric_description taskflow_tasks{
    "mfo_taskflow_tasks_total", metric_kind::counter, "type,outcome",
    "Tasks that have ended, those among them that never began."};
inline constexpr metric_description taskflow_task_duration{
    "mfo_taskflow_task_duration_seconds", metric_kind::histogram, "type",
    "From the start of a task to its end, all tries together."};
inline constexpr metric_description http_calls{
    "mfo_http_calls_total", metric_kind::counter, "result",
    "Calls of other servers by http_call, tries beyond the first among them: "
    "ok, cancelled (nobody wants the answer any more), or how they failed "
    "(http-call.md); not_allowed and bad_url were kept from being made."};
inline constexpr metric_description http_call_duration{
    "mfo_http_call_duration_seconds", metric_kind::histogram, "",
    "Time of a call by http_call, its wait for a turn included."};
inline constexpr metric_description http_calls_in_flight{
    "mfo_http_calls_in_flight", metric_kind::gauge, "",
    "Calls by http_call on the wire."};
inline constexpr metric_description http_calls_waiting{
    "mfo_http_calls_waiting", metric_kind::gauge, "",
    "Calls by http_call that wait for a turn."};
inline constexpr metric_description trace_spans{
    "mfo_trace_spans_total", metric_kind::counter, "result",
    "Spans of traces: exported, the collector took them; dropped, there was no "
    "room for them, or the collector could not take them in time; refused, the "
    "collector does not want them."};
inline constexpr metric_description actor_restarts{
    "mfo_actor_restarts_total", metric_kind::counter, "actor",
    "Restarts of an actor by its supervisor."};
inline constexpr metric_description log_lines_dropped{
    "mfo_log_lines_dropped_total", metric_kind::counter, "",
    "Log lines lost because standard output did not keep up, or could not be "
    "written."};
inline constexpr metric_description build_info{
    "mfo_build_info", metric_kind::gauge, "version,compiler",
    "Always 1; the labels tell the build."};
inline constexpr metric_description heap_allocated{
    "mfo_heap_allocated_bytes", metric_kind::gauge, "",
    "What the program has allocated and not freed."};
inline constexpr metric_description heap_resident{
    "mfo_heap_resident_bytes", metric_kind::gauge, "",
    "What the heap has of the machine's memory: what is allocated, what lies "
    "between, and what is to be given back within 10 s."};
inline constexpr metric_description process_cpu{"process_cpu_seconds_total",
                                                metric_kind::counter, "",
                                                "User and system CPU time."};
inline constexpr metric_description process_resident_memory{
    "process_resident_memory_bytes", metric_kind::gauge, "",
    "Resident memory."};
inline constexpr metric_description process_virtual_memory{
    "process_virtual_memory_bytes", metric_kind::gauge, "", "Virtual memory."};
inline constexpr metric_description process_open_fds{
    "process_open_fds", metric_kind::gauge, "", "Open file descriptors."};
inline constexpr metric_description process_max_fds{
    "process_max_fds", metric_kind::gauge, "",
    "Limit of open file descriptors."};
inline constexpr metric_description process_threads{
    "process_threads", metric_kind::gauge, "", "Threads."};
inline constexpr metric_description process_start_time{
    "process_start_time_seconds", metric_kind::gauge, "",
    "Start of the process, seconds since the epoch."};

inline constexpr std::array all_metrics{events_received,
                                        events_delivered,
                                        events_refused,
                                        events_dead_lettered,
                                        events_handed_over,
                                        events_in_flight,
                                        bytes_in_flight,
                                        events_in_line,
                                        queue_depth,
                                        event_duration,
                                        upstream_duration,
                                        upstream_retries,
                                        upstream_refused,
                                        upstream_circuit,
                                        upstream_in_flight,
                                        upstream_limit,
                                        upstream_waiting,
                                        upstream_connections,
                                        subscription_active,
                                        dead_letters_written,
                                        dead_letter_failures,
                                        dead_letters_waiting,
                                        dependency_up,
                                        dependency_last_success,
                                        dependency_latency,
                                        dependency_certificate_expiry,
                                        source_last_event,
                                        source_patience,
                                        source_silent,
                                        http_connections,
                                        http_connections_dropped,
                                        http_accept_failures,
                                        http_requests_cut_off,
                                        admin_unauthorized,
                                        admin_streams_cut_off,
                                        tls_handshakes,
                                        tls_reloads,
                                        tls_certificate_expiry,
                                        config_generation,
                                        config_generations_in_use,
                                        config_reloads,
                                        config_last_reload_successful,
                                        config_last_reload_success_time,
                                        taskflow_triggers,
                                        taskflow_runs,
                                        taskflow_run_duration,
                                        taskflow_runs_in_progress,
                                        taskflow_calls_in_progress,
                                        taskflow_tasks,
                                        taskflow_task_duration,
                                        http_calls,
                                        http_call_duration,
                                        http_calls_in_flight,
                                        http_calls_waiting,
                                        cluster_members,
                                        cluster_links,
                                        cluster_links_ended,
                                        cluster_round_trip,
                                        cluster_credit_events,
                                        cluster_credit_bytes,
                                        cluster_dials,
                                        cluster_suspicions,
                                        cluster_bad_messages,
                                        cluster_events_moved,
                                        cluster_events_taken,
                                        cluster_events_away,
                                        cluster_events_running,
                                        cluster_events_waiting,
                                        cluster_bytes,
                                        cluster_copies_open,
                                        cluster_copies_held,
                                        cluster_copies_held_bytes,
                                        cluster_replications,
                                        cluster_copies,
                                        cluster_take_overs,
                                        cluster_claims,
                                        cluster_ticks,
                                        cluster_calls,
                                        cluster_calls_waiting,
                                        cluster_calls_away,
                                        cluster_calls_running,
                                        cluster_calls_untold_bytes,
                                        cluster_certificate_expiry,
                                        trace_spans,
                                        actor_restarts,
                                        log_lines_dropped,
                                        build_info,
                                        heap_allocated,
                                        heap_resident,
                                        process_cpu,
                                        process_resident_memory,
                                        process_virtual_memory,
                                        process_open_fds,
                                        process_max_fds,
                                        process_threads,
                                        process_start_time};

/// docs/reference/metrics.md.
std::string metrics_reference_markdown();

} // namespace mfo::telemetry
