"""What is measured: the node, and those that it is compared with. Each is started
on the core of systems under test, forwards what comes to /webhook to a server,
and has `pid`, `url()` and `stop()`."""

import os
import pathlib
import shutil
import socket
import subprocess

from staging import nginx as nginx_process
from staging.programs import Node
from staging.stage import NODE_CPU, ROOT, await_true, stop

PEERS = ROOT / "bench/peers"
NAMES = ("node", "nginx", "go", "node.js")
# Who only forwards: what the others are compared with.
REFERENCE = "nginx"

ENDPOINT = """
  - id: webhook
    path: /webhook
    signature: {scheme: hmac, secret: "${WEBHOOK_SECRET}"}"""


def settings(url, endpoint="", server="", more=""):
    """Of a node with one endpoint and one server, and what else is said of them,
    as lines of YAML (of the server within { })."""
    return f"""
servers:
  default: {{url: "{url}"{server}}}
endpoints:{ENDPOINT}
{endpoint}
{more}
"""


def many_connections(count):
    """The node's bounds that so many senders at one address need."""
    return (f"limits: {{max_connections: {2 * count}, "
            f"max_connections_per_address: {2 * count}}}")


def node(stage, server, make_settings=settings, **how):
    """`make_settings`: gives them for the URL of the server."""
    return Node(stage, make_settings(server.url), log="warn", **how)


class Peer:
    def __init__(self, stage, name, port, process, scheme="http"):
        self.name = name
        self._port = port
        self._process = process
        self._scheme = scheme
        await_true(f"{name} to listen", self._listens)

    def _listens(self):
        if self._process.poll() is not None:
            raise RuntimeError(f"{self.name} has ended")
        with socket.create_connection(("127.0.0.1", self._port)):
            return True

    @property
    def pid(self):
        return self._process.pid

    @property
    def port(self):
        return self._port

    def url(self, path="/webhook"):
        return f"{self._scheme}://127.0.0.1:{self._port}{path}"

    def stop(self):
        stop(self._process)


def nginx(stage, server, connections=64, tls=None):
    """`tls`: (certificate, key). It keeps a connection to the server for each
    of the senders."""
    port = stage.port()
    text = (PEERS / "nginx.conf.in").read_text()
    secured = tls and (f" ssl;\n    ssl_certificate {tls[0]};\n"
                       f"    ssl_certificate_key {tls[1]}")
    for word, value in (("@SERVER@", server.url.removeprefix("http://")),
                        ("@CONNECTIONS@", str(max(64, connections))),
                        ("@PORT@", str(port)), ("@TLS@", secured or "")):
        text = text.replace(word, value)
    process = nginx_process.start(stage, "nginx", text, NODE_CPU,
                                  max(4096, 3 * connections), master=True)
    return Peer(stage, "nginx", port, process, "https" if tls else "http")


def _build_go(stage):
    program = stage.folder / "go-client"
    if not program.exists():
        done = subprocess.run(
            ["go", "build", "-o", str(program), "main.go"],
            cwd=PEERS / "go_client", capture_output=True, text=True,
            env={**os.environ, "GO111MODULE": "off", "GOFLAGS": "",
                 "GOCACHE": str(go_cache())})
        if done.returncode != 0:
            raise RuntimeError(f"go build: {done.stderr}")
    return program


def go_cache():
    """Kept, so that Go's library is compiled once."""
    return pathlib.Path(ROOT / "build/go-cache")


def go(stage, server):
    port = stage.port()
    process = stage.start("go", _build_go(stage), f"127.0.0.1:{port}",
                          server.url, cpu=NODE_CPU)
    return Peer(stage, "go", port, process)


def node_js(stage, server):
    port = stage.port()
    process = stage.start("node.js", "node", PEERS / "node_client/main.js",
                          f"127.0.0.1:{port}", server.url, cpu=NODE_CPU)
    return Peer(stage, "node.js", port, process)


def why_absent(name):
    """Why a system cannot be measured here, or an empty text."""
    program = {"nginx": "/usr/sbin/nginx", "go": "go",
               "node.js": "node"}.get(name)
    if program and not shutil.which(program):
        return f"{program} is not installed"
    return ""
