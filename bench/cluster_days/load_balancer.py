"""nginx in front of the nodes, as in production."""

from staging.stage import OTHER_CPU, await_true, get

ID_HEADER = "X-Delivery-Id"


class LoadBalancer:
    """Each event goes to a node in turn, and to the next one if that one cannot be
    reached, breaks off, or answers 503. Where an answer is missing, nobody knows
    what became of the event, so that it may be done twice: therefore senders give
    an id, and nodes know it again."""

    def __init__(self, stage, nodes):
        folder = stage.folder / "nginx"
        folder.mkdir()
        self.port = stage.port()
        config = folder / "nginx.conf"
        config.write_text(self._config(folder, nodes))
        self._process = stage.start("nginx", "/usr/sbin/nginx", "-e", "stderr",
                                    "-p", folder, "-c", config, cpu=OTHER_CPU)
        await_true("nginx to start", lambda: get(self.url("/__alive")) == b"")

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def _config(self, folder, nodes):
        # max_fails=0: a node that was restarted is asked again at once, or soon
        # there would be none left.
        servers = "\n".join(f"server 127.0.0.1:{node.port} max_fails=0;"
                            for node in nodes)
        return f"""
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
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
}}
"""
