"""Events that are sent to a cluster, and whether they arrived."""

import collections
import concurrent.futures
import time

from sender import Sender
from trial.cluster import await_true

# Of events whose node was killed after it had taken them: the others find it dead,
# and see to its events. Generous, as everything shares the machine.
TAKEN_OVER = 30  # s


def new_sender(cluster, path="/webhook", port=None):
    return Sender(port or cluster.port, cluster.secret, path)


def forget(cluster):
    cluster.server("events", "DELETE")


def arrived(cluster):
    """How often each event is at the server."""
    return collections.Counter(
        event["body"]["payload"]["n"]
        for event in cluster.server("events?since=0&limit=100000"))


def check_delivery(cluster, report, what, sender, counts=None, why_again=""):
    """`counts`: arrived, at once. `why_again`: why events may come more than once."""
    counts = arrived(cluster) if counts is None else counts
    missing = [number for number in sender.taken if not counts[number]]
    again = sum(counts.values()) - len(counts)
    report.check(
        what,
        sender.taken and not missing and not sender.lost and (why_again or not again),
        f"{len(sender.taken)} events, {len(missing)} not at the server, "
        f"{len(sender.lost)} never taken, {again} there more than once; "
        f"{len(sender.troubles)} tries got no 2xx "
        f"{dict(collections.Counter(sender.troubles))}, "
        f"the slowest took {sender.slowest:.1f} s")


def send_and_check(cluster, report, what, path="/webhook", count=100, rate=100,
                   port=None):
    forget(cluster)
    sender = new_sender(cluster, path, port)
    sender.send(rate, count)
    check_delivery(cluster, report, what, sender, await_all(cluster, sender))
    return sender


def await_all(cluster, sender):
    """Until the server has all that was taken, or there is no more hope of it."""
    def there():
        return not sender.taken.keys() - arrived(cluster).keys()
    try:
        await_true("what was taken", there, TAKEN_OVER)
    except TimeoutError:
        pass  # who checks it says what is missing
    return arrived(cluster)


def while_sending(cluster, disturb, path="/webhook", rate=40, seconds=6):
    """Does something 1.5 s after the beginning. The server takes its time, so that
    events are under way."""
    forget(cluster)
    cluster.server("faults", "POST",
                   '{"path": "/api", "latency_ms": {"min": 0, "max": 300}}')
    sender = new_sender(cluster, path)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        sent = pool.submit(sender.send, rate, rate * seconds, 16)
        time.sleep(1.5)
        disturb()
        sent.result()
    cluster.server("faults", "DELETE")
    return sender
