"""As many signed events as a node takes: wrk, whose senders wait for answers."""

import hashlib
import hmac
import json

from staging.stage import OTHER_CPU, SECRET


def body(stage):
    return json.dumps({"text": "x" * max(0, stage.payload - 12)})


def sign(text):
    return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def write_script(stage, signature, name):
    script = stage.folder / f"{name}.lua"
    script.write_text(f"""
wrk.method = "POST"
wrk.body = [[{body(stage)}]]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Signature"] = "{signature}"
""")
    return script


def start(stage, script, url, connections, seconds):
    return stage.start("wrk", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
                       "--timeout", "30s", "-s", script, url, cpu=OTHER_CPU)
