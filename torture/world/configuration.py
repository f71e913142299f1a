"""What the nodes of a world are told."""

import dataclasses

from cluster_days.cluster import DEAD_AFTER

SERVER_NAME = "mfo.test"  # by which nodes know their server
ID_HEADER = "X-Delivery-Id"
KEY_HEADER = "X-Key"
TIMEOUT = 10  # s: of an event whose sender waits
TRIED = 60  # s: how long an event is tried that was acknowledged before
DRAIN = 8  # s: for what a node that was told to stop has
# Ids that a node remembers, for each event a second that all nodes together get: more
# than the repetitions of a round go back, and so few that it has them all, and grows
# no more, after the rounds that it is given for that (oracle/leftovers.py).
REMEMBERED = 16


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """`promise`: what its 202 says (docs/reference/delivery.md)."""
    id: str
    promise: str
    share: float  # of the events
    more: str = ""


ENDPOINTS = [
    Endpoint("completed", "completed", 0.24,
             f"delivery_id_header: {ID_HEADER}"),
    Endpoint("received", "received", 0.2, f"delivery_id_header: {ID_HEADER}"),
    Endpoint("replicated", "replicated", 0.2,
             f"delivery_id_header: {ID_HEADER}"),
    Endpoint("ordered", "completed", 0.1,
             f"ordering_key: {{header: {KEY_HEADER}}}"),
    Endpoint("batched", "received", 0.2, "server: batched"),
    Endpoint("flow", "completed", 0.06),
]
# What the hostile try, beside all others.
STRICT = Endpoint("strict", "completed", 0, f"""delivery_id_header: {ID_HEADER}
    expected_payload_schema:
      {{type: object, required: [text], properties: {{text: {{type: string}}}}}}""")

FLOW = f"""
workflow_name: flow
global_configs: {{secrets: {{hook: {{env: WEBHOOK_SECRET}}}}}}
triggers:
  - id: hook
    type: webhook
    config: {{http_path: /flow, secret_ref: hook, signature: {{scheme: hmac}}}}
    target_taskflow: main
taskflows:
  - taskflow_id: main
    tasks:
      - id: shout
        type: mfo_api_tool_execute
        config: {{tool_id: echo, arguments: {{text: INPUT.text}}}}
      - {{id: keep, type: mfo_api_memory_store, depends_on: shout,
         config: {{key: last, value: shout.result.text}}}}
      - {{id: done, type: forward_event, depends_on: keep}}
"""


def _endpoint(each):
    return f"""
  - id: {each.id}
    path: /{each.id}
    ack: {each.promise}
    timeout: {TIMEOUT}s
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
    {each.more}"""


def settings(name, rate, server_port, workflow):
    """Of a node, all but its cluster, its sinks, its listeners and its log; `rate`
    is that of all nodes, in events a second."""
    url = f"http://{SERVER_NAME}:{server_port}"
    endpoints = "".join(_endpoint(each) for each in [*ENDPOINTS, STRICT]
                        if each.id != "flow")
    return f"""
node_name: {name}
servers:
  default: {{url: "{url}", max_in_flight: 64}}
  batched: {{url: "{url}", max_in_flight: 16, batch: {{max_events: 32}}}}
retries:
  default:
    delay: 100ms
    max_delay: 2s
    limit: {{count: 30, duration: {TRIED}s}}
limits:
  max_connections: 4096
  max_connections_per_address: 4096
  max_in_flight: 8192
  max_bytes_in_flight: 256MiB
dedup: {{max_ids: {round(REMEMBERED * rate)}}}
drain_timeout: {DRAIN}s
trusted_proxies: [127.0.0.1/32]
workflows: ["{workflow}"]
endpoints:{endpoints}
"""


def membership(name, address, port, seeds, certificates, threshold):
    return f"""cluster:
  name: bench
  listen: {address}:{port}
  seeds: [{", ".join(seeds)}]
  dead_after: {DEAD_AFTER}s
  local_threshold: {threshold}
  tls:
    certificate: {certificates}/{name}.crt
    key: {certificates}/{name}.key
    ca: {certificates}/ca.crt
"""
