"""The bad days of a node, with real processes on loopback: bench/resilience."""
