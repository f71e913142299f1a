"""Whether what was promised was kept, from what senders, servers and nodes
recorded."""
