"""Nothing happens: three nodes that know each other, and are asked for their
metrics now and then, as Prometheus does. What that costs, and whether memory
grows with the hours.
"""

import time

from cluster_days import witness
from cluster_days.cluster import Cluster, endpoint, three
from staging.programs import Server

SCRAPE = 15  # s
# Until all that is made once has been made; measured from then on.
SETTLED = 2 * SCRAPE
CPU = 0.01  # of a core, for each node
# Beyond what an allocator keeps for itself: of the whole time, not an hour.
MEMORY = 1  # MiB


def scrape(cluster, seconds):
    """For so long; at the end nothing is due for a while."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(SCRAPE, left))
        for node in cluster:
            node.metrics()


def run(report, stage, seconds):
    server = Server(stage)
    cluster = Cluster(stage, server, [endpoint("completed")], three())
    before = [node.incarnation() for node in cluster]
    report.progress(f"{seconds:.0f} s in which nothing happens")
    scrape(cluster, SETTLED)
    began = time.monotonic()
    cpu = [node.cpu_seconds() for node in cluster]
    resident = [node.resident() for node in cluster]
    scrape(cluster, seconds)
    took = time.monotonic() - began
    shares = [(node.cpu_seconds() - old) / took
              for node, old in zip(cluster, cpu)]
    growth = [(node.resident() - old) / 2**20
              for node, old in zip(cluster, resident)]
    report.tell("seconds", f"{took:.0f}")
    report.check("CPU of each node, of a core",
                 ", ".join(f"{share:.2%}" for share in shares), f"≤ {CPU:.0%}",
                 max(shares) <= CPU)
    report.tell("memory of each node", ", ".join(
        f"{size / 2**20:.1f} MiB" for size in resident))
    report.check("memory that each grew by", ", ".join(
        f"{size:.2f} MiB" for size in growth), f"≤ {MEMORY} MiB",
        max(growth) <= MEMORY)
    report.equal("members that were suspected", sum(
        node.metrics().sum("mfo_cluster_suspicions_total")
        for node in cluster), 0)
    report.equal("nodes that were restarted", sum(
        node.incarnation() != old for node, old in zip(cluster, before)), 0)
    witness.check_members(report, cluster)
    cluster.stop()
