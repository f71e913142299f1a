#!/usr/bin/env python3
"""What the admin listener of a real node answers is what its OpenAPI document says."""

import concurrent.futures
import contextlib
import hashlib
import hmac
import json
import re
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request

try:
    import jsonschema
except ImportError:
    print("skipped: there is no jsonschema for Python; Debian's python3-jsonschema "
          "has it")
    sys.exit(77)

from stand import ROOT
from staging.programs import Node, Server
from staging.stage import SECRET, Stage, await_true

DOCUMENT = json.loads((ROOT / "http/admin/openapi.json").read_text())
TOKEN = "token-of-the-test-that-is-long-enough"
METHODS = ("get", "put", "post", "delete")

WORKFLOW = """
workflow_name: w
global_configs: {secrets: {hook: {env: WEBHOOK_SECRET}}}
triggers:
  - {id: hand, type: manual, target_taskflow: main}
  - {id: slowly, type: manual, target_taskflow: slow}
  - {id: bad, type: manual, target_taskflow: strict}
  - id: hook
    type: webhook
    config: {http_path: /hooks/w, secret_ref: hook, signature: {scheme: hmac}}
    target_taskflow: main
taskflows:
  - taskflow_id: main
    tasks: [{id: f, type: forward_event, config: {type: w.done, payload: {}}}]
  - taskflow_id: slow
    tasks:
      - id: ask
        type: ask_user
        config: {question: "Go on?", choices: [yes, no]}
  - taskflow_id: strict
    input_schema: {type: object, required: [n]}
    tasks: [{id: no, type: mfo_api_tool_execute, config: {tool_id: no_such_tool}}]
"""

SETTINGS = """
node_name: node-a
admin: {{token: {token}}}
server_url: {url}
workflows: [flow.yaml]
dead_letters: [{{name: disk, type: file, path: letters}}]
recording: {{enabled: true}}
cluster: {{name: c, listen: "127.0.0.1:{port}", tls: off}}
endpoints:
  - id: orders
    path: /orders
    rate_limit: {{per_second: 100}}
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
  - id: later
    path: /later
    ack: received
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}
"""


def resolved(schema):
    """With all that it refers to and is made of in one."""
    if not isinstance(schema, dict):
        return {}
    whole = {**schema, "properties": dict(schema.get("properties", {}))}
    parts = list(schema.get("allOf", []))
    if "$ref" in schema:
        where = DOCUMENT
        for step in schema["$ref"].removeprefix("#/").split("/"):
            where = where[step]
        parts.append(where)
    for each in map(resolved, parts):
        whole["properties"].update(each["properties"])
        for name, value in each.items():
            whole.setdefault(name, value)
    return whole


def undescribed(value, schema, place="$"):
    """The members of an answer that the document lacks."""
    schema = resolved(schema)
    if isinstance(value, dict) and schema["properties"]:
        for name, each in value.items():
            if name in schema["properties"]:
                yield from undescribed(each, schema["properties"][name],
                                       f"{place}.{name}")
            elif "additionalProperties" not in schema:
                yield f"{place}.{name}"
    if isinstance(value, list) and "items" in schema:
        for number, each in enumerate(value):
            yield from undescribed(each, schema["items"], f"{place}[{number}]")


FORMATS = jsonschema.FormatChecker()


@FORMATS.checks("date-time")
def is_time(text):
    return not isinstance(text, str) or re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text)


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def operations():
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


class TheDocument(unittest.TestCase):
    def test_refers_to_what_it_has(self):
        self.assertEqual(DOCUMENT["openapi"], "3.1.0")
        for each in set(references(DOCUMENT)):
            self.assertTrue(each.startswith("#/"), each)
            resolved({"$ref": each})

    def test_uses_all_that_it_has(self):
        used = set(references(DOCUMENT))
        for kind in ("schemas", "responses", "parameters"):
            for name in DOCUMENT["components"][kind]:
                self.assertIn(f"#/components/{kind}/{name}", used)

    def test_names_each_operation_and_its_tag_once(self):
        names = [what["operationId"] for _, _, what in operations()]
        self.assertEqual(len(names), len(set(names)))
        tags = {each["name"] for each in DOCUMENT["tags"]}
        self.assertEqual({tag for _, _, what in operations() for tag in what["tags"]},
                         tags)

    def test_has_the_parameters_of_its_paths(self):
        for path, item in DOCUMENT["paths"].items():
            given = [resolved(each) for each in item.get("parameters", [])]
            self.assertEqual([each["name"] for each in given],
                             re.findall(r"{(\w+)}", path))
            self.assertTrue(all(each["required"] for each in given))

    def test_has_schemas_that_are_some(self):
        for schema in DOCUMENT["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)

    def test_is_openapi(self):
        """Debian 12 has no schema of OpenAPI 3.1; where there is one it is asked."""
        try:
            import openapi_spec_validator
        except ImportError:
            self.skipTest("there is no openapi_spec_validator for Python")
        openapi_spec_validator.validate(DOCUMENT)


class TheNode(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ended = contextlib.ExitStack()
        stage = cls.ended.enter_context(Stage(rate=1, payload=1))
        (stage.folder / "flow.yaml").write_text(WORKFLOW)
        server = Server(stage)
        cls.node = Node(stage, SETTINGS.format(token=TOKEN, url=server.url,
                                               port=stage.port()))
        cls.server = server
        cls.asked = set()  # (path, method) that were answered with a 2xx

    @classmethod
    def tearDownClass(cls):
        cls.ended.close()

    def post_event(self, path, body, secret=SECRET):
        """The id of the event."""
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            self.node.url(path), data=body,
            headers={"Content-Type": "application/json", "X-Signature": signature})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["event_id"]
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)["event_id"]

    def ask(self, method, path, wanted, query="", body=None, fields=None, **values):
        """Asks, holds the answer to the document, and gives its body."""
        target = path.format(**{name: urllib.parse.quote(value, safe="")
                                for name, value in values.items()})
        headers = {"Authorization": f"Bearer {TOKEN}", "Host": "localhost"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(
            self.node.admin_url + target + query, method=method.upper(),
            data=body if isinstance(body, (bytes, type(None)))
            else json.dumps(body).encode(), headers={**headers, **(fields or {})})
        try:
            answer = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            text, status, head = answer.read(), answer.status, answer.headers
        self.assertEqual(status, wanted, f"{method} {target}{query}: {text}")
        return self.check(path, method, status, head, text)

    def check(self, path, method, status, head, text):
        item = DOCUMENT["paths"][path]
        # A method that the document lacks is refused as any other one is.
        what = item[method] if method in item else item[
            next(each for each in METHODS if each in item)]
        self.assertIn(str(status), what["responses"], f"{method} {path}")
        said = resolved(what["responses"][str(status)])
        for name, header in said.get("headers", {}).items():
            self.assertIn(name, head, f"{method} {path} {status}")
        if status < 300:
            self.asked.add((path, method))
        if "content" not in said:
            return self.assertEqual(text, b"")
        self.assertIn(head["Content-Type"], said["content"])
        schema = said["content"][head["Content-Type"]]["schema"]
        if "json" not in head["Content-Type"]:
            return text.decode()
        body = json.loads(text)
        self.validate(body, schema, f"{method} {path}")
        return body

    def validate(self, body, schema, what):
        jsonschema.Draft202012Validator(
            {**schema, "components": DOCUMENT["components"]},
            format_checker=FORMATS).validate(body)
        self.assertEqual(list(undescribed(body, schema)), [], what)

    # In the order of their names: what comes to no good comes last.

    def test_1_health(self):
        for path in ("/health", "/health/live", "/health/ready", "/metrics",
                     "/api/v1/openapi.json"):
            self.ask("get", path, 200)
            self.ask("post", path, 405, body={})
            self.ask("foo", path, 405)
        self.assertEqual(self.ask("get", "/api/v1/openapi.json", 200), DOCUMENT)
        sources = await_true("the first look at the sources", lambda: self.ask(
            "get", "/health", 200)["sources"])
        self.assertLessEqual({"orders", "later"},
                             {each["endpoint"] for each in sources})
        needed = self.ask("get", "/health", 200)["dependencies"]
        self.assertEqual({each["kind"] for each in needed}, {"server", "sink"})

    def test_1_console(self):
        page = self.ask("get", "/", 200)
        self.ask("post", "/", 405, body={})
        one = "/console/{file}"
        names = re.findall(r'(?:src|href)="(?:/console/)?([\w.]+)"', page)
        self.assertTrue(names)
        for name in names:
            self.ask("get", one, 200, file=name)
        self.ask("get", one, 304, file=names[0], fields={"If-None-Match": "*"})
        self.ask("get", one, 404, file="nothing.js")
        self.ask("post", one, 405, file=names[0], body={})

    def test_2_no_query_but_what_is_known(self):
        for path, method, what in operations():
            values = {name: "a" for name in re.findall(r"{(\w+)}", path)}
            if path.startswith("/api/v1/"):
                self.ask(method, path, 400, "?x=1", **values,
                         body={} if "requestBody" in what else None)
            elif path.startswith("/health") or path == "/metrics":
                self.ask(method, path, 200, "?x=1")

    def test_2_no_body_where_none_is_wanted(self):
        for path, method, what in operations():
            if method == "post" and "requestBody" not in what:
                values = {name: "a" for name in re.findall(r"{(\w+)}", path)}
                self.ask(method, path, 400, body=b"x", **values)

    def test_2_log_level(self):
        path = "/api/v1/log-level"
        self.ask("get", path, 200)
        self.ask("put", path, 200, body={"level": "error"})
        self.ask("put", path, 400, body={"level": "loud"})
        self.ask("put", path, 413, body=b"x" * 5000)
        self.ask("delete", path, 405)

    def test_3_events(self):
        good = self.post_event("/orders", b"{}")
        bad = self.post_event("/orders", b"{}", secret="other")
        lost = self.post_event("/nowhere?token=marker", b"{}")
        run = self.post_event("/hooks/w", b"{}")
        self.server.fault('{"statuses": [400]}')
        failed = self.post_event("/orders", b"{}")
        self.server.no_fault()
        path = "/api/v1/events"
        listed = self.ask("get", path, 200)["events"]
        self.assertLessEqual({good, bad, lost, run, failed},
                             {each["id"] for each in listed})
        for query in ("?outcome=refused", "?reason=bad_signature", "?endpoint=orders",
                      f"?q={good[:12]}", "?since=2020-01-01T00:00:00Z&limit=3"):
            self.assertTrue(self.ask("get", path, 200, query)["events"], query)
        for query in ("?outcome=lost", "?reason=no", "?since=now", "?limit=0", "?x=1"):
            self.ask("get", path, 400, query)
        self.ask("post", path, 405, body={})
        one = "/api/v1/events/{id}"
        for each in (good, bad, lost, failed):
            self.assertEqual(len(self.ask("get", one, 200, id=each)["events"]), 1)
        story = self.ask("get", one, 200, id=run)
        self.assertEqual(story["runs"][0]["outcome"], "Succeeded")
        self.ask("get", one, 404, id="nobody")
        self.ask("get", one, 400, "?x=1", id=good)
        self.ask("post", one, 405, id=good)
        shown = self.ask("get", "/api/v1/endpoints", 200)
        self.assertIn("orders", {each["id"] for each in shown["endpoints"]})
        self.assertEqual(shown["no_endpoint"]["refused"], 1)
        self.ask("get", "/api/v1/endpoints", 400, "?x=1")
        self.ask("post", "/api/v1/endpoints", 405)

    def test_3_stream(self):
        path = "/api/v1/stream"
        said = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
        request = urllib.request.Request(self.node.admin_url + path, headers={
            "Authorization": f"Bearer {TOKEN}", "Host": "localhost"})
        with urllib.request.urlopen(request, timeout=20) as stream:
            self.assertEqual([stream.headers["Content-Type"]], list(said))
            schemas = said["text/event-stream"]["x-events"]
            self.post_event("/hooks/w", b"{}")
            seen = set()
            while seen != set(schemas):
                line = stream.readline().decode().strip()
                if not line.startswith("event: "):
                    continue
                name = line.removeprefix("event: ")
                data = json.loads(stream.readline().decode().removeprefix("data: "))
                self.validate(data, schemas[name], name)
                seen.add(name)
        self.asked.add((path, "get"))
        self.ask("get", path, 400, "?x=1")
        self.ask("post", path, 405, body={})

    def test_4_views(self):
        overview = self.ask("get", "/api/v1/overview", 200)
        self.assertGreater(overview["events"]["received"], 0)
        self.assertEqual(overview["servers"][0]["circuit"], "closed")
        history = self.ask("get", "/api/v1/history", 200)
        self.assertEqual(len(history["received"]), 360)
        self.ask("get", "/api/v1/history", 200, "?minutes=1440")
        self.ask("get", "/api/v1/history", 400, "?minutes=0")
        shown = self.ask("get", "/api/v1/config", 200)
        self.assertIn("node_name: node-a", shown["yaml"])
        self.assertNotIn(TOKEN, shown["yaml"])
        flows = self.ask("get", "/api/v1/taskflows", 200)["workflows"][0]["taskflows"]
        self.assertEqual([each["id"] for each in flows], ["main", "slow", "strict"])
        for path in ("overview", "config", "taskflows"):
            self.ask("get", f"/api/v1/{path}", 400, "?x=1")
        for path in ("overview", "history", "config", "taskflows"):
            self.ask("post", f"/api/v1/{path}", 405, body={})

    def test_3_recording(self):
        path, orders = "/api/v1/endpoints/{id}/recording", {"id": "orders"}
        self.ask("post", path, 404, body={}, id="nobody")
        for body in ({"count": 0}, {"seconds": 601}, {"all": 1}, {"x": 1}, []):
            self.ask("post", path, 400, body=body, **orders)
        self.ask("post", path, 400, "?x=1", body={}, **orders)
        self.ask("post", path, 413, body=b"x" * 5000, **orders)
        self.ask("post", path, 415, body={}, fields={"Content-Type": "text/plain"},
                 **orders)
        self.ask("get", path, 405, **orders)
        self.ask("post", path, 404, id="nobody")
        with concurrent.futures.ThreadPoolExecutor() as others:
            wanted = {"count": 2, "seconds": 30, "all": True}
            recorded = others.submit(self.ask, "post", path, 200, body=wanted, **orders)

            def is_recorded():
                self.post_event("/orders", b'{"password": "marker"}')
                self.post_event("/orders", b"{}", secret="other")
                return recorded.done()

            await_true("two to be recorded", is_recorded)
            requests = recorded.result()["requests"]
        self.assertEqual({each["sign"] for each in requests}, {"yes", "wrong"})
        self.assertNotIn("marker", json.dumps(requests))

    def test_4_runs(self):
        start = "/api/v1/taskflows/{workflow}/{taskflow}/runs"
        flow = {"workflow": "w", "taskflow": "main"}
        self.ask("post", start, 200, "?wait=10s", body={}, **flow)
        self.ask("post", start, 202, body={}, **flow)
        self.ask("post", start, 400, "?wait=long", body={}, **flow)
        self.ask("post", start, 404, body={}, workflow="w", taskflow="other")
        self.ask("post", start, 415, body={}, fields={"Content-Type": "text/plain"},
                 **flow)
        self.ask("get", start, 405, **flow)
        strict = {"workflow": "w", "taskflow": "strict"}
        self.ask("post", start, 422, body={}, **strict)
        failed = self.ask("post", start, 200, "?wait=10s", body={"n": 1}, **strict)
        self.assertIn("error", failed)
        slow = {"workflow": "w", "taskflow": "slow"}
        run = self.ask("post", start, 202, body={}, **slow)["run"]
        self.ask("get", "/api/v1/runs", 200)
        self.ask("get", "/api/v1/runs", 200, f"?event_id={run}&state=running")
        self.ask("get", "/api/v1/runs", 400, "?state=odd")
        self.ask("post", "/api/v1/runs", 405)
        questions = await_true("a question", lambda: self.ask(
            "get", "/api/v1/questions", 200)["questions"])
        self.ask("get", "/api/v1/questions", 400, "?x=1")
        self.ask("put", "/api/v1/questions", 405, body={})
        answer = "/api/v1/questions/{id}/answer"
        number = questions[0]["id"]
        self.ask("post", answer, 422, body={"answer": "maybe"}, id=number)
        self.ask("post", answer, 400, body={"answers": []}, id=number)
        self.ask("get", answer, 405, id=number)
        self.ask("post", answer, 200, body={"answer": "yes"}, id=number)
        self.ask("post", answer, 404, body={"answer": "yes"}, id=number)
        one, cancel = "/api/v1/runs/{id}", "/api/v1/runs/{id}/cancel"
        await_true("the run to end", lambda: self.ask(
            "get", one, 200, id=run)["state"] == "ended")
        self.ask("get", one, 404, id="nobody")
        self.ask("put", one, 405, id=run, body={})
        self.ask("post", cancel, 409, id=run)
        self.ask("post", cancel, 404, id="nobody")
        self.ask("get", cancel, 405, id=run)
        other = self.ask("post", start, 202, body={}, **slow)["run"]
        await_true("the other run", lambda: self.ask("get", "/api/v1/runs", 200,
                                                     f"?event_id={other}")["runs"])
        self.ask("post", cancel, 202, id=other)

    def test_4_dead_letters(self):
        path, replay = "/api/v1/dead-letters", "/api/v1/dead-letters/replay"
        self.server.fault('{"statuses": [400], "repeat": true}')
        lost = self.post_event("/later", b"{}")

        def listed():
            return [each["event_id"] for each in
                    self.ask("get", path, 200)["dead_letters"]]

        await_true("the dead letter", lambda: lost in listed())
        said = self.ask("post", replay, 200, body={"event_ids": [lost, "nobody"]})
        self.assertEqual(said["replayed"], [])
        self.assertEqual({each["event_id"] for each in said["failed"]},
                         {lost, "nobody"})
        self.server.no_fault()
        said = self.ask("post", replay, 200, body={"event_ids": [lost]})
        self.assertEqual(said["replayed"], [lost])
        self.assertNotIn(lost, listed())
        self.ask("get", path, 400, "?limit=0")
        self.ask("post", path, 405, body={})
        self.ask("get", replay, 405)
        self.ask("post", replay, 400, body={"event_ids": []})
        self.ask("post", replay, 400, body=b'{"event_ids":["a"],"event_ids":["b"]}')
        self.ask("post", replay, 413, body=b'"' + b"x" * 1024 * 1024 + b'"')
        self.ask("post", replay, 415, body={"event_ids": [lost]},
                 fields={"Content-Type": "text/plain"})

    def test_5_who_may_ask(self):
        for path, method, what in operations():
            values = {name: "a" for name in re.findall(r"{(\w+)}", path)}
            body = {} if method != "get" else None
            if what.get("security") != [{}]:
                self.ask(method, path, 401, body=body,
                         fields={"Authorization": "Bearer wrong"}, **values)
            if "403" in what["responses"] and method == "get":
                self.ask(method, path, 403, fields={"Origin": "https://evil.example"},
                         **values)

    def test_6_reload(self):
        path = "/api/v1/reload"
        self.ask("get", path, 200)
        self.ask("post", path, 200)
        self.ask("post", path, 400, body={})
        good = self.node.config.read_text()
        self.node.config.write_text(good + "nonsense: 1\n")
        self.ask("post", path, 422)
        self.ask("get", path, 200)
        self.node.config.write_text(good)
        self.ask("put", path, 405, body={})

    def test_7_cluster(self):
        path, drain = "/api/v1/cluster", "/api/v1/cluster/{node}/drain"
        self.ask("get", path, 200)
        self.ask("post", path, 405)
        self.ask("get", drain, 405, node="node-a")
        self.ask("post", drain, 404, node="nobody")
        self.ask("post", drain, 202, node="node-a")
        await_true("the node to drain", lambda: self.ask(
            "get", "/api/v1/cluster", 200)["members"][0]["draining"])
        self.ask("get", "/health/ready", 503)
        self.ask("get", "/health", 503)
        self.ask("post", "/api/v1/reload", 503)

    def test_8_everything_was_asked(self):
        self.assertEqual(self.asked, {(path, method) for path, method, _ in operations()})


if __name__ == "__main__":
    unittest.main()
