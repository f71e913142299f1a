"""What the logs of nodes say of events."""

import re

LOST = re.compile(r'"message":"event lost","event_id":"([^"]+)"')


def told_lost(nodes, folder):
    """Ids of events that a node has given up: no sink took them."""
    return {found for node in nodes for found in LOST.findall(
        (folder / f"{node.name}.log").read_text(errors="replace"))}
