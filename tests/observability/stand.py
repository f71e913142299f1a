"""What there is to observe: two nodes that are a cluster, the servers that they call,
senders of all kinds, and what all of it comes to. Nothing of it outlives the `with`."""

import contextlib
import pathlib
import shutil
import signal
import ssl
import sys
import threading
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
BUNDLE = DEPLOY / "observability"
sys.path += [str(DEPLOY), str(ROOT / "bench")]

from cluster_days.cluster import (ALL_ROLES, Member, Plan, issue_certificates,
                                  membership)
from sender import Sender
from staging.programs import Server
from staging.stage import OTHER_CPU, SECRET, Stage, await_true, get

JOB = "mfo-node"
ADMIN_TOKEN = "token-of-the-test-that-is-long-enough"
NODES = [Plan("node-a", ALL_ROLES), Plan("node-b", "intake, runner")]

WORKFLOW = """
workflow_name: greet
global_configs:
  secrets: {hook: {env: WEBHOOK_SECRET}}
triggers:
  - id: hook
    type: webhook
    config: {http_path: /hooks/greet, secret_ref: hook, signature: {scheme: hmac}}
    target_taskflow: main
taskflows:
  - taskflow_id: main
    input_schema: {type: object, required: [n, text]}
    tasks:
      - {id: shout, type: mfo_api_tool_execute,
         config: {tool_id: upper, arguments: {text: INPUT.text}}}
      - {id: ask, type: http_call, config: {method: GET, url: "SERVER/info"}}
      - {id: tell, type: forward_event,
         config: {type: greeted, payload: {text: shout.result}}}
"""


def endpoint(name, ack, server="default"):
    return f"""
  - id: {name}
    path: /{name}
    ack: {ack}
    server: {server}
    timeout: 10s
    signature: {{scheme: hmac, secret: "${{WEBHOOK_SECRET}}"}}"""


class Node(Member):
    """One whose admin listener has TLS and asks for a token."""

    def __init__(self, stage, plan, settings, trust):
        self._trust = trust
        super().__init__(stage, settings, plan.name, log="info")

    def admin(self, path):
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.admin_port}{path}",
            headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
        with urllib.request.urlopen(request, timeout=10, context=self._trust) as answer:
            return answer.read()

    @property
    def log(self):
        """Its whole lines so far."""
        text = (self._stage.folder / f"{self.name}.log").read_text()
        return text[:text.rfind("\n") + 1].splitlines()


class Stand:
    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.stage = stack.enter_context(Stage(rate=0, payload=0))
            self._senders = [*self._start()]
            stack.callback(self._stop_sending)
            self._keep = stack.pop_all()
        return self

    def __exit__(self, *error):
        return self._keep.__exit__(*error)

    def _stop_sending(self):
        for sender, _ in self._senders:
            sender.stop()
        for _, thread in self._senders:
            thread.join()

    def _start(self):
        """Gives the senders, with their threads."""
        self.server = Server(self.stage)
        broken = Server(self.stage, "broken")
        broken.fault('{"path": "/api/events", "statuses": [503], "repeat": true}')
        self.nodes = self._cluster(broken)
        port = self.nodes[0].port
        for path, secret, rate, patience in (
                ("/orders", SECRET, 20, 30), ("/safe", SECRET, 5, 30),
                ("/inbox", SECRET, 5, 30), ("/hooks/greet", SECRET, 5, 30),
                ("/failing", SECRET, 5, 0), ("/orders", "not-the-secret", 5, 0)):
            sender = Sender(port, secret, path)
            thread = threading.Thread(
                target=sender.send, args=(rate,),
                kwargs={"threads": 2, "patience": patience}, daemon=True)
            thread.start()
            yield sender, thread

    def _cluster(self, broken):
        folder = self.stage.folder
        self._issue_admin_certificate()
        (folder / "greet.yaml").write_text(WORKFLOW.replace("SERVER", self.server.url))
        (folder / "admin-token").write_text(ADMIN_TOKEN)
        trust = ssl.create_default_context(cafile=folder / "admin-ca.crt")
        certificates = issue_certificates(self.stage, NODES)
        ports = [self.stage.port() for _ in NODES]
        seeds = [f"127.0.0.1:{port}" for port in ports]
        nodes = [
            Node(self.stage, plan,
                 self._settings(broken, plan.name) +
                 membership(plan, port, seeds, certificates, threshold=0), trust)
            for plan, port in zip(NODES, ports)]
        await_true("the nodes to know each other",
                   lambda: all(node.sees_whole(len(NODES)) for node in nodes))
        for node in nodes:
            node.signal(signal.SIGHUP)  # so that there is a reload to be seen
        return nodes

    def _issue_admin_certificate(self):
        """Of an authority that is itself."""
        folder = self.stage.folder
        done = self.stage.run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=admin",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "admin.key",
            "-out", folder / "admin-ca.crt")
        if done.returncode != 0:
            raise RuntimeError(f"openssl: {done.stderr}")

    def _settings(self, broken, name):
        folder = self.stage.folder
        host = self.server.url.removeprefix("http://")
        callback = f"http://127.0.0.1:{self.stage.port()}/from-server"
        return f"""
node_name: {name}
admin:
  token_file: {folder}/admin-token
  tls: {{certificate: {folder}/admin-ca.crt, key: {folder}/admin.key}}
servers:
  default: {{url: {self.server.url}}}
  broken: {{url: {broken.url}, retry: quick}}
retries:
  quick: {{delay: 10ms, limit: {{count: 2}}}}
http_call: {{allow: ["{host}"], private_networks: [127.0.0.1/32]}}
workflows: [{folder}/greet.yaml]
dead_letters:
  - {{name: disk, type: file, path: {folder}/letters-{name}}}
notifications:
  - {{server: default, event: told.*, endpoint: from-server, callback_url: "{callback}"}}
endpoints:{endpoint("orders", "completed")}{endpoint("safe", "replicated")}
{endpoint("inbox", "received", "broken")}{endpoint("failing", "completed", "broken")}
{endpoint("from-server", "completed")}
"""

    # --- who looks at it --------------------------------------------------------

    def start_prometheus(self):
        """With the configuration that is shipped, but for where the nodes are, and
        how often they are asked. Gives its URL."""
        folder = self.stage.folder / "prometheus"
        shutil.copytree(BUNDLE / "prometheus", folder)
        for name in ("admin-ca.crt", "admin-token"):
            shutil.copy(self.stage.folder / name, folder)
        config = folder / "prometheus.yml"
        text = config.read_text()
        targets = ", ".join(f'"127.0.0.1:{node.admin_port}"' for node in self.nodes)
        for old, new in (("interval: 15s", "interval: 1s"),
                         ('"node-1.example.com:9090", "node-2.example.com:9090"',
                          targets)):
            if old not in text:
                raise ValueError(f"{config.name} has no {old} any more")
            text = text.replace(old, new)
        config.write_text(text)
        port = self.stage.port()
        self.stage.start(
            "prometheus", "prometheus", f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}", cpu=OTHER_CPU)
        return f"http://127.0.0.1:{port}"
