"""The days of a cluster, with real processes and mutual TLS: bench/cluster."""
