"""nginx, as whatever a scenario needs: a load balancer, a peer, a server."""

from staging.stage import OTHER_CPU, await_true, get

# ms until a request's size is in its file.
FLUSHED = 100

# `http` is what stands in that block; everything it writes is in `folder`.
CONFIG = """
daemon off;
worker_processes 1;
master_process {master};
worker_rlimit_nofile {files};
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_body_buffer_size 64k;
  keepalive_requests 100000000;
  {http}
}}
"""


def start(stage, name, http, cpu, connections=4096, master=False):
    """The process. With `master`, the one that works is a child of it."""
    folder = stage.folder / name
    folder.mkdir(exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(
        folder=folder, http=http, connections=connections,
        files=2 * connections, master="on" if master else "off"))
    return stage.start(name, "/usr/sbin/nginx", "-e", "stderr", "-p", folder,
                       "-c", config, cpu=cpu)


class Sink:
    """Takes whatever comes for 202, unread, and counts it: a server that costs so
    little that it is not what is measured. Its requests, and with `sizes` the
    size of each, are all that it knows of; what is in them, a dev-server tells
    (programs.Server)."""

    def __init__(self, stage, name="sink", cpu=OTHER_CPU, sizes=False):
        port = stage.port()
        self.url = f"http://127.0.0.1:{port}"
        self._asked = 0
        self._sizes = stage.folder / f"{name}.sizes"
        self._read = 0
        log = ("off" if not sizes else
               f"{self._sizes} sizes buffer=64k flush={FLUSHED}ms")
        start(stage, name, f"""
  log_format sizes '$content_length';
  server {{
    listen 127.0.0.1:{port};
    location = /__count {{ stub_status; }}
    location / {{
      access_log {log};
      default_type application/json;
      return 202 '{{"status":"accepted"}}';
    }}
  }}
""", cpu)
        await_true(f"{name} to start", lambda: self.count() == 0)

    def count(self):
        """Requests that have come since it was started."""
        told = get(f"{self.url}/__count").split()
        self._asked += 1
        # "server accepts handled requests 7 7 31"
        return int(told[told.index(b"requests") + 3]) - self._asked

    def more_sizes(self):
        """Of the bodies of requests that were not told of before, in bytes; they
        are told within FLUSHED ms."""
        with open(self._sizes, "rb") as file:
            file.seek(self._read)
            whole, end, _ = file.read().rpartition(b"\n")
        self._read += len(whole) + len(end)
        return map(int, whole.split())
