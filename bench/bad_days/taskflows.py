"""Taskflows under load: what they add to what a server takes anyway, and what
they leave behind when much goes wrong."""

import collections
import statistics
import time

from staging import records
from staging.programs import Load, Node, Server
from staging.stage import await_true
from staging.workflows import of_webhook

# --- five calls ---------------------------------------------------------------

RUNS_PER_SECOND = 100
LATENCY = 20  # ms: of each call at the server
CRITICAL = 4 * LATENCY  # of five calls, two are made at the same time
WARM_UP = 3  # s
MEASURED = 15  # s
RATIO = 1.2

FIVE_CALLS = """
      - {id: first, type: mfo_api_tool_execute, config: {tool_id: echo, arguments: {text: one}}}
      - {id: left, type: mfo_api_tool_execute, depends_on: first, config: {tool_id: echo, arguments: {text: two}}}
      - {id: right, type: mfo_api_tool_execute, depends_on: first, config: {tool_id: echo, arguments: {text: three}}}
      - {id: both, type: mfo_api_tool_execute, depends_on: [left, right], config: {tool_id: echo, arguments: {text: four}}}
      - {id: done, type: forward_event, depends_on: both, config: {type: bench.done, payload: {n: 1}}}
"""


def settings(server, more=""):
    return f"""
workflows: [flow.yaml]
servers:
  default: {{url: "{server.url}", max_in_flight: 500{more}}}
"""


def five_calls(report, stage):
    server = Server(stage)
    (stage.folder / "flow.yaml").write_text(
        of_webhook("five", FIVE_CALLS))
    node = Node(stage, settings(server))
    server.fault(f'{{"path": "/api", "latency_ms": {LATENCY}}}')
    load = Load(stage, node.url(), RUNS_PER_SECOND, "load",
                seconds=WARM_UP + MEASURED)
    load.wait()
    answers = list(records.answers(load.record))
    begin = answers[0].due + WARM_UP * 1000
    taken = [each.latency / 1000 for each in answers if each.due >= begin]
    statuses = collections.Counter(each.status for each in answers)
    node.stop()
    median = statistics.median(taken)
    report.tell("the server's own time on the critical path",
                f"{CRITICAL} ms")
    report.tell("p50, p99 of the answers",
                f"{median:.1f} ms, {records.percentile(taken, 0.99):.1f} ms")
    report.check("p50 to the critical path", f"{median / CRITICAL:.3f}",
                 f"≤ {RATIO}", median <= RATIO * CRITICAL)
    report.equal("runs not answered 202", statuses.total() - statuses[202], 0)


# --- a hundred thousand runs --------------------------------------------------

RUNS = 100_000
RATE = 700  # a second
SETTLED = 0.2  # of all runs: what memory is compared with
GROWTH = 1.1

FAULTS = """
[{"path": "/api/tools", "statuses": [200, 500, 200, 404, 200, 200, 429, 200],
  "repeat": true, "latency_ms": {"min": 0, "max": 30}},
 {"path": "/api/memory", "statuses": %s,
  "repeat": true, "latency_ms": {"min": 0, "max": 5}},
 {"path": "/api/chat", "latency_ms": {"min": 0, "max": 400}},
 {"path": "/api/events", "statuses": [202, 202, 202, 500, 400], "repeat": true}]
""" % ([200] * 29 + [503] + [200] * 29 + [404])

MUCH_GOES_WRONG = """
workflow_name: wrong
global_configs:
  secrets: {hook: {env: WEBHOOK_SECRET}}
  retries: {twice: {delay: 5ms, limit: {count: 2, duration: 1s}}}
triggers:
  - id: hook
    type: webhook
    config: {http_path: /webhook, secret_ref: hook, signature: {scheme: hmac}, timeout: 5s}
    target_taskflow: main
taskflows:
  - taskflow_id: main
    tasks:
      - id: attempt
        type: try
        config:
          tasks:
            - {id: tool, type: mfo_api_tool_execute, retry: twice, config: {tool_id: echo, arguments: {text: hi}}}
          catch:
            - {id: note, type: mfo_api_memory_store, config: {key: last, value: ERROR.code}}
      - id: race
        type: fork
        config:
          compete: true
          branches:
            slow: [{id: say, type: mfo_api_chat_send, timeout: 200ms, config: {prompt: hello}}]
            quick: [{id: pause, type: wait, config: {duration: 50ms}}]
      - id: each
        type: for_each
        config:
          in: [1, 2, 3]
          each:
            - {id: put, type: mfo_api_memory_store, config: {key: "k${ITEM}", value: ITEM}}
            - {id: get, type: mfo_api_memory_get, depends_on: put, config: {key: "k${ITEM}"}}
      - {id: late, type: mfo_api_chat_send, timeout: 360ms, config: {prompt: hurry}}
      - {id: done, type: forward_event, depends_on: [attempt, race, each], config: {type: bench.done, payload: {n: 1}}}
"""


def hundred_thousand(report, stage):
    server = Server(stage)
    (stage.folder / "flow.yaml").write_text(MUCH_GOES_WRONG)
    node = Node(stage, settings(
        server, ", breaker: {enabled: false}, retry_budget: {ratio: 1}"))
    server.fault(FAULTS)
    load = Load(stage, node.url(), RATE, "load", seconds=RUNS / RATE)
    settled = most = 0
    ended = 0.0
    while load.running:
        time.sleep(1)
        ended = node.metrics().sum("mfo_taskflow_runs_total")
        resident = node.resident()
        if ended >= SETTLED * RUNS and not settled:
            settled = resident
        most = max(most, resident)
        server.forget()
        report.progress(f"{ended:.0f} runs, {resident / 2**20:.0f} MiB")
    load.wait()
    await_true("the last run to end", lambda: node.metrics().sum(
        "mfo_events_in_flight") == 0)
    metrics = node.metrics()
    for outcome, share in (("Succeeded", 0.2), ("Failed", 0.1), ("Errored", 0.05)):
        count = metrics.sum("mfo_taskflow_runs_total", f'outcome="{outcome}"')
        report.check(f"runs that ended {outcome}", f"{count:.0f}",
                     f"≥ {share * RUNS:.0f}", count >= share * RUNS)
    ended = metrics.sum("mfo_taskflow_runs_total")
    report.check("runs", f"{ended:.0f}", f"≥ {RUNS * 0.99:.0f}",
                 ended >= RUNS * 0.99)
    for gauge in ("mfo_taskflow_runs_in_progress",
                  "mfo_taskflow_calls_in_progress", "mfo_queue_depth",
                  "mfo_upstream_calls_waiting", "mfo_upstream_calls_in_flight",
                  "mfo_bytes_in_flight"):
        report.equal(f"{gauge} in the end", int(metrics.sum(gauge)), 0)
    report.check(
        "most memory to that after a fifth of the runs",
        f"{most / settled:.2f} ({most / 2**20:.0f} MiB)" if settled else "-",
        f"≤ {GROWTH}", settled and most <= GROWTH * settled)
    node.stop()
