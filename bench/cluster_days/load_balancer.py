"""nginx in front of the nodes, as in production."""

from staging import nginx
from staging.stage import OTHER_CPU, await_true, get

ID_HEADER = "X-Delivery-Id"


class LoadBalancer:
    """Each event goes to a node in turn, and to the next one if that one cannot be
    reached, breaks off, or answers 503. Where an answer is missing, nobody knows
    what became of the event, so that it may be done twice: therefore senders give
    an id, and nodes know it again."""

    def __init__(self, stage, nodes):
        self.port = stage.port()
        nginx.start(stage, "nginx", self._config(nodes), OTHER_CPU)
        await_true("nginx to start", lambda: get(self.url("/__alive")) == b"")

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def _config(self, nodes):
        # max_fails=0: a node that was restarted is asked again at once, or soon
        # there would be none left.
        servers = "\n".join(f"server 127.0.0.1:{node.port} max_fails=0;"
                            for node in nodes)
        return f"""
  upstream nodes {{
    {servers}
    keepalive 64;
  }}
  server {{
    listen 127.0.0.1:{self.port};
    location = /__alive {{ return 204; }}
    location / {{
      proxy_pass http://nodes;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_connect_timeout 1s;
      proxy_next_upstream error timeout http_503 non_idempotent;
      proxy_next_upstream_tries {len(nodes)};
    }}
  }}
"""
