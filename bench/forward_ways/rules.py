"""What an operator adds to the plain forward: a schema, a filter, a taskflow. The
same event goes the plain way beside it."""

import functools
import json

from forward_ways import checks, systems
from forward_ways.rounds import play
from forward_ways.ways import of_nginx, of_node
from staging import wrk
from staging.nginx import Sink
from staging.workflows import of_webhook

ITEMS = 5


def order(size, price=30):
    """An event: an order of about this many bytes."""
    told = {
        "id": "order-4711", "kind": "order",
        "customer": {"name": "Ada", "email": "ada@example.com"},
        "items": [{"sku": f"S-{number}", "count": 1, "price": price}
                  for number in range(ITEMS)],
        "note": "",
    }
    told["note"] = "x" * max(0, size - len(json.dumps(told)))
    return json.dumps(told)


def refused_with(status, text):
    """A check: this event is answered so, and does not arrive."""
    def check(node, server):
        before = server.count()
        checks.expect("an event that is to be stopped",
                      checks.post(node.url(), text, wrk.sign(text)), status)
        checks.expect("events that arrived", server.count(), before)
    return check


def beside_plain(report, stage, name, make_settings, **more):
    sink, text = Sink(stage), order(stage.payload)
    play(report, stage, [
        of_node(sink, text, name, make_settings, **more),
        of_node(sink, text), of_nginx(sink, text)])
    report.ratio(name, "node")


# --- schema -------------------------------------------------------------------

SCHEMA = """    expected_payload_schema:
      type: object
      required: [id, kind, customer, items]
      properties:
        id: {type: string, pattern: "^order-[0-9]+$"}
        kind: {enum: [order, offer]}
        customer:
          type: object
          required: [name, email]
          properties:
            name: {type: string, minLength: 1}
            email: {type: string}
        items:
          type: array
          minItems: 1
          items:
            type: object
            required: [sku, count, price]
            properties:
              sku: {type: string}
              count: {type: integer, minimum: 1}
              price: {type: number, minimum: 0}"""


def schema(report, stage):
    beside_plain(report, stage, "node, JSON Schema",
                 functools.partial(systems.settings, endpoint=SCHEMA),
                 check=refused_with(422, order(stage.payload, price=-1)))


# --- workflows ----------------------------------------------------------------

FILTER = """filter: '.payload.kind == "order" and ([.payload.items[].price] | add) > 100'"""

ONE_TASK = """
      - {id: send, type: forward_event}
"""

FIVE_TASKS = """
      - {id: name, type: set, config: {value: INPUT.customer.name}}
      - {id: total, type: set, config: {value: '${[$input.items[].price] | add}'}}
      - {id: text, type: set, config: {value: "Order of ${name.result}, ${total.result}"}}
      - {id: large, type: set, config: {value: '${$tasks.total.result > 100}'}}
      - {id: send, type: forward_event, when: large.result, config: {type: order.large, payload: {text: text.result, order: INPUT}}}
"""


def with_workflow(stage, name, text):
    """Settings of a node that has this workflow and nothing else."""
    (stage.folder / name).write_text(text)
    return lambda url: f"workflows: [{name}]\nservers: {{default: {{url: {url}}}}}"


def jq(report, stage):
    """A filter in jq decides whether the event is sent on, byte for byte."""
    beside_plain(report, stage, "node, filter in jq",
                 with_workflow(stage, "filter.yaml",
                               of_webhook("orders", ONE_TASK, FILTER)),
                 check=refused_with(202, order(stage.payload, price=1)))


def taskflow(report, stage):
    """Five tasks, in which two expressions of jq and a template are filled in; the
    last sends the event on if the order is large."""
    beside_plain(report, stage, "node, five tasks",
                 with_workflow(stage, "tasks.yaml",
                               of_webhook("orders", FIVE_TASKS)),
                 arrives=f"Order of Ada, {ITEMS * 30}",
                 check=refused_with(202, order(stage.payload, price=1)))


SCENARIOS = {
    "schema": (schema, "Held to a JSON Schema"),
    "jq": (jq, "A filter in jq"),
    "taskflow": (taskflow, "A taskflow of five tasks"),
}
