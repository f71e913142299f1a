"""What the dashboard shows: rows of panels, each with its queries.

In a query, @ stands for the labels that the dashboard's variables pick."""

# What a sender got a 5xx for, though it did nothing wrong; as in ErrorSpike.
FAILURES = ("upstream_.+|circuit_open|stage_unavailable|internal_error|"
            "taskflow_.+|no_eligible_node|too_few_copies")


def rate(metric, by="", more=""):
    grouped = f"sum by ({by}) " if by else "sum"
    return f"{grouped}(rate({metric}{{@{more}}}[$__rate_interval]))"


def quantile(part, metric, by=""):
    groups = f"le, {by}" if by else "le"
    return (f"histogram_quantile({part}, sum by ({groups}) "
            f"(rate({metric}_bucket{{@}}[$__rate_interval])))")


def gauge(metric, by=""):
    return f"sum by ({by}) ({metric}{{@}})" if by else f"sum({metric}{{@}})"


def stat(title, query, unit="short", red_from=None, words=None):
    """The newest value, red from some value on."""
    return {"kind": "stat", "title": title, "unit": unit, "red_from": red_from,
            "words": words, "queries": [(query, "")], "size": (4, 4)}


def graph(title, *queries, unit="short", about="", low=0):
    """Each query with what its lines are called; `low`: where the axis begins."""
    return {"kind": "timeseries", "title": title, "unit": unit, "about": about,
            "low": low, "queries": queries, "size": (8, 8)}


def table(title, query, *columns):
    """A line for each series, with these of its labels."""
    return {"kind": "table", "title": title, "unit": "short", "columns": columns,
            "queries": [(query, "")], "size": (12, 7)}


CIRCUIT = {0: "closed", 1: "half-open", 2: "open"}

OVERVIEW = [
    stat("Nodes up", 'sum(up{@})'),
    stat("Events a second", rate("mfo_events_received_total"), "reqps"),
    stat("Events that fail",
         f"""({rate("mfo_events_refused_total", more=f',reason=~"{FAILURES}"')}"""
         f""" or vector(0)) / {rate("mfo_events_received_total")}""",
         "percentunit", red_from=0.05),
    stat("Events in flight", gauge("mfo_events_in_flight")),
    stat("Dead letters without a sink", gauge("mfo_dead_letters_waiting"), red_from=1),
    stat("Worst circuit", "max(mfo_upstream_circuit_state{@})", red_from=2,
         words=CIRCUIT),
    table("Alerts", 'ALERTS{alertstate="firing",job=~"$job|"}',
          "alertname", "severity", "instance"),
    table("Nodes", "mfo_build_info{@}", "instance", "version", "job"),
]

EVENTS = [
    graph("Received, by endpoint",
          (rate("mfo_events_received_total", "endpoint"), "{{endpoint}}"), unit="reqps"),
    graph("What became of them",
          (rate("mfo_events_delivered_total"), "delivered"),
          (rate("mfo_events_refused_total"), "refused"),
          (rate("mfo_events_dead_lettered_total"), "dead-lettered"),
          (rate("mfo_events_handed_over_total"), "handed over"), unit="reqps"),
    graph("Refused, by reason",
          (rate("mfo_events_refused_total", "endpoint, reason"),
           "{{endpoint}}: {{reason}}"), unit="reqps",
          about="The reasons are in docs/reference/metrics.md."),
    graph("Time to the answer",
          *((quantile(part, "mfo_event_duration_seconds"), f"{part}")
            for part in (0.5, 0.95, 0.99)), unit="s"),
    graph("Time to the answer, by endpoint (0.99)",
          (quantile(0.99, "mfo_event_duration_seconds", "endpoint"), "{{endpoint}}"),
          unit="s"),
    graph("Held, by stage", (gauge("mfo_queue_depth", "stage"), "{{stage}}")),
    graph("In flight",
          (gauge("mfo_events_in_flight", "instance"), "{{instance}}"),
          (gauge("mfo_events_waiting_in_order", "instance"),
           "{{instance}}, in order")),
    graph("Bytes in flight", (gauge("mfo_bytes_in_flight", "instance"), "{{instance}}"),
          unit="bytes"),
    graph("Connections of senders",
          (gauge("mfo_http_connections", "instance"), "{{instance}}")),
    graph("Connections in trouble",
          (rate("mfo_http_connections_dropped_total"), "closed unanswered"),
          (rate("mfo_http_requests_cut_off_total"), "cut off by the sender"),
          (rate("mfo_http_accept_failures_total"), "could not be accepted"),
          unit="reqps"),
    graph("TLS handshakes",
          (rate("mfo_tls_handshakes_total", "listener, result"),
           "{{listener}}: {{result}}"), unit="reqps"),
    graph("Silence, by endpoint",
          ("min by (endpoint) (time() - mfo_source_last_event_timestamp_seconds{@})",
           "{{endpoint}}"), unit="s",
          about="Since the last genuine event; see SourceSilent."),
]

CALLS = "mfo_upstream_request_duration_seconds"

SERVERS = [
    graph("Tries, by result",
          (rate(f"{CALLS}_count", "server, result"), "{{server}}: {{result}}"),
          unit="reqps"),
    graph("Time of a try (0.95)",
          (quantile(0.95, CALLS, "server, operation"), "{{server}}: {{operation}}"),
          unit="s"),
    graph("Circuits: 0 closed, 1 half-open, 2 open",
          ("max by (server, instance) (mfo_upstream_circuit_state{@})",
           "{{server}} from {{instance}}")),
    graph("Retries", (rate("mfo_upstream_retries_total", "server, operation"),
                      "{{server}}: {{operation}}"), unit="reqps"),
    graph("Answered without a try",
          (rate("mfo_upstream_calls_refused_total", "server, reason"),
           "{{server}}: {{reason}}"), unit="reqps"),
    graph("Calls",
          (gauge("mfo_upstream_calls_in_flight", "server"), "{{server}}: on the wire"),
          (gauge("mfo_upstream_calls_in_flight_limit", "server"), "{{server}}: may be"),
          (gauge("mfo_upstream_calls_waiting", "server"), "{{server}}: wait")),
    graph("Connections",
          (gauge("mfo_upstream_connections", "server, state"), "{{server}}: {{state}}")),
    graph("Subscriptions that are active",
          ("min by (server, event) (mfo_subscription_active{@})",
           "{{server}}: {{event}}")),
    graph("Who answers",
          ("min by (kind, name) (mfo_dependency_up{@})", "{{kind}} {{name}}"),
          about="Servers, sinks and peers: 1 is up."),
    graph("Certificates of those who answer: days left",
          ("(min by (kind, name) (mfo_dependency_certificate_expiry_timestamp_seconds{@})"
           " - time()) / 86400", "{{kind}} {{name}}"), unit="d"),
]

RUNS = "mfo_taskflow_run_duration_seconds"
TASKS = "mfo_taskflow_task_duration_seconds"

TASKFLOWS = [
    graph("Events at triggers",
          (rate("mfo_taskflow_triggers_total", "workflow, trigger, result"),
           "{{workflow}}/{{trigger}}: {{result}}"), unit="reqps"),
    graph("Runs that ended",
          (rate("mfo_taskflow_runs_total", "workflow, taskflow, outcome"),
           "{{workflow}}/{{taskflow}}: {{outcome}}"), unit="reqps"),
    graph("Time of a run (0.95)",
          (quantile(0.95, RUNS, "workflow, taskflow"), "{{workflow}}/{{taskflow}}"),
          unit="s"),
    graph("In progress",
          (gauge("mfo_taskflow_runs_in_progress"), "runs"),
          (gauge("mfo_taskflow_calls_in_progress"), "calls")),
    graph("Tasks that ended",
          (rate("mfo_taskflow_tasks_total", "type, outcome"), "{{type}}: {{outcome}}"),
          unit="reqps"),
    graph("Time of a task (0.95)", (quantile(0.95, TASKS, "type"), "{{type}}"),
          unit="s"),
    graph("http_call, by result", (rate("mfo_http_calls_total", "result"), "{{result}}"),
          unit="reqps"),
    graph("Time of http_call",
          *((quantile(part, "mfo_http_call_duration_seconds"), f"{part}")
            for part in (0.5, 0.95)), unit="s"),
    graph("http_call now",
          (gauge("mfo_http_calls_in_flight"), "on the wire"),
          (gauge("mfo_http_calls_waiting"), "wait")),
]

DEAD_LETTERS = [
    graph("Dead-lettered, by reason",
          (rate("mfo_events_dead_lettered_total", "endpoint, reason"),
           "{{endpoint}}: {{reason}}"), unit="reqps"),
    graph("Written, by sink",
          (rate("mfo_dead_letters_written_total", "sink"), "{{sink}}"),
          (rate("mfo_dead_letter_failures_total", "sink"), "{{sink}}: failed"),
          unit="reqps"),
    graph("Wait for a sink",
          (gauge("mfo_dead_letters_waiting", "instance"), "{{instance}}")),
    graph("Sinks that answer",
          ('min by (name, instance) (mfo_dependency_up{@,kind="sink"})',
           "{{name}} of {{instance}}")),
]

CLUSTER = [
    graph("Members, by state",
          ("max by (state) (mfo_cluster_members{@})", "{{state}}"),
          about="The most that any node sees."),
    graph("Alive, as each node sees it",
          ('mfo_cluster_members{@,state="alive"}', "{{instance}}"),
          about="Lines that part: the cluster is split."),
    graph("Links", ("mfo_cluster_links{@}", "{{instance}}")),
    graph("Round trip",
          ("mfo_cluster_peer_rtt_seconds{@}", "{{instance}} to {{node}}"), unit="s"),
    graph("Trouble",
          (rate("mfo_cluster_suspicions_total"), "suspected"),
          (rate("mfo_cluster_links_ended_total", "reason"), "link ended: {{reason}}"),
          (rate("mfo_cluster_dials_total", "result"), "dialled: {{result}}"),
          (rate("mfo_cluster_bad_messages_total"), "bad messages"),
          (rate("mfo_cluster_take_overs_total"), "taken over"), unit="ops"),
    graph("Events moved",
          (rate("mfo_cluster_events_moved_total", "reason"), "given: {{reason}}"),
          (rate("mfo_cluster_events_taken_total"), "taken"), unit="reqps"),
    graph("Events of others",
          (gauge("mfo_cluster_events_away"), "at peers"),
          (gauge("mfo_cluster_events_of_peers"), "run for peers"),
          (gauge("mfo_cluster_events_waiting"), "wait for a node")),
    graph("Copies",
          (rate("mfo_cluster_replications_total", "result"), "own: {{result}}"),
          (rate("mfo_cluster_copies_total", "result"), "of peers: {{result}}"),
          unit="reqps"),
    graph("Copies now",
          (gauge("mfo_cluster_copies_open"), "own, at peers"),
          (gauge("mfo_cluster_copies_held"), "held for peers")),
    graph("Bytes of copies", (gauge("mfo_cluster_copies_held_bytes", "instance"),
                              "{{instance}}"), unit="bytes"),
    graph("Repetitions and ticks",
          (rate("mfo_cluster_claims_total", "result"), "claims: {{result}}"),
          (rate("mfo_cluster_ticks_total", "result"), "ticks: {{result}}"),
          about="Undecided: taken for new, as no owner answered in time.",
          unit="ops"),
    graph("Calls made by peers",
          (rate("mfo_cluster_calls_total", "result"), "{{result}}"), unit="reqps"),
    graph("Calls of others",
          (gauge("mfo_cluster_calls_away"), "at peers"),
          (gauge("mfo_cluster_calls_of_peers"), "made for peers"),
          (gauge("mfo_cluster_calls_waiting"), "wait for a connector")),
    graph("Between nodes", (rate("mfo_cluster_bytes_total", "instance, direction"),
                            "{{instance}}: {{direction}}"), unit="Bps"),
    graph("Answers not told yet",
          (gauge("mfo_cluster_calls_untold_bytes", "instance"), "{{instance}}"),
          unit="bytes"),
    graph("Credit for events",
          ("mfo_cluster_credit_events{@}", "{{instance}} at {{node}}")),
    graph("Credit for bytes",
          ("mfo_cluster_credit_bytes{@}", "{{instance}} at {{node}}"), unit="bytes"),
]

PROCESS = [
    graph("CPU", ("rate(process_cpu_seconds_total{@}[$__rate_interval])",
                  "{{instance}}"), unit="percentunit", about="Of one core."),
    graph("Memory",
          ("process_resident_memory_bytes{@}", "{{instance}}"), unit="bytes"),
    graph("Open files and connections",
          ("process_open_fds{@}", "{{instance}}"),
          ("process_max_fds{@}", "{{instance}}: may be")),
    graph("Threads", ("process_threads{@}", "{{instance}}")),
    graph("Up for", ("time() - process_start_time_seconds{@}", "{{instance}}"), unit="s"),
    graph("Actors started again",
          (rate("mfo_actor_restarts_total", "instance, actor"),
           "{{instance}}: {{actor}}"), unit="ops"),
    graph("Configuration is in force",
          ("mfo_config_last_reload_successful{@}", "{{instance}}"),
          about="0: the file was changed to something that is wrong."),
    graph("Age of the configuration",
          ("time() - mfo_config_last_reload_success_timestamp_seconds{@}",
           "{{instance}}"), unit="s"),
    graph("Reloads",
          (rate("mfo_config_reloads_total", "result"), "configuration: {{result}}"),
          (rate("mfo_tls_reloads_total", "listener, result"),
           "TLS of {{listener}}: {{result}}"), unit="ops"),
    graph("Certificates end in",
          ("mfo_tls_certificate_expiry_seconds{@} - time()",
           "{{instance}}: {{listener}}"),
          ("mfo_cluster_certificate_expiry_timestamp_seconds{@} - time()",
           "{{instance}}: cluster"), unit="s", low=None,
          about="Below 0: it has ended."),
    graph("Requests to admin without a good token",
          (rate("mfo_admin_unauthorized_total", "instance"), "{{instance}}"),
          unit="reqps"),
    graph("Log lines lost",
          (rate("mfo_log_lines_dropped_total", "instance"), "{{instance}}"), unit="ops"),
    graph("Spans of traces",
          (rate("mfo_trace_spans_total", "result"), "{{result}}"), unit="ops"),
]

ROWS = [("Overview", OVERVIEW), ("Events", EVENTS), ("Server calls", SERVERS),
        ("Taskflows", TASKFLOWS), ("Dead letters", DEAD_LETTERS),
        ("Cluster", CLUSTER), ("Process", PROCESS)]
