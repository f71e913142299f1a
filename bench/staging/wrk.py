"""As many events as a system takes: wrk, whose senders wait for answers."""

import dataclasses
import hashlib
import hmac
import json

from staging.stage import OTHER_CPU, SECRET

# What wrk counted, in the file that it runs beside; times in µs.
SCRIPT = """
wrk.method = "POST"
wrk.body = [==[{body}]==]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Signature"] = "{signature}"

function done(summary, latency)
  local errors = summary.errors
  local file = io.open("{result}", "w")
  file:write(string.format(
    '{{"requests": %d, "microseconds": %d, "bad_status": %d, "broken": %d,' ..
    ' "p50": %d, "p99": %d, "p999": %d}}',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
  file:close()
end
"""


@dataclasses.dataclass(frozen=True)
class Result:
    """Of one run. Latencies are those of senders that wait for each answer: what
    a system could not take in the meantime is not in them."""
    requests: int  # that were answered
    seconds: float
    bad_status: int  # answered 400 or more
    broken: int  # connections that failed or broke, and time-outs
    p50: float  # ms
    p99: float
    p999: float


def text_of(size):
    """A body: one JSON object of so many bytes."""
    return json.dumps({"text": "x" * max(0, size - len('{"text": ""}'))})


def body(stage):
    return text_of(stage.payload)


def sign(text):
    return hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()


def write_script(stage, signature, name, text=None):
    """`text`: the body, if it is not that of the stage."""
    script = stage.folder / f"{name}.lua"
    script.write_text(SCRIPT.format(
        body=body(stage) if text is None else text, signature=signature,
        result=result_of(script)))
    return script


def result_of(script):
    return script.with_suffix(".json")


def start(stage, script, url, connections, seconds, cpu=OTHER_CPU):
    return stage.start("wrk", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
                       "--timeout", "30s", "-s", script, url, cpu=cpu)


def run(stage, script, url, connections, seconds, cpu=OTHER_CPU):
    """To its end."""
    result_of(script).unlink(missing_ok=True)
    process = start(stage, script, url, connections, seconds, cpu)
    if process.wait(seconds + 60) != 0:
        raise RuntimeError(f"wrk ended with {process.returncode}")
    return read(result_of(script).read_text())


def read(text):
    """What `done` wrote."""
    told = json.loads(text)
    return Result(told["requests"], told["microseconds"] / 1e6,
                  told["bad_status"], told["broken"],
                  *(told[name] / 1000 for name in ("p50", "p99", "p999")))
