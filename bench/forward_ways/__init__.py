"""The scenarios of bench/forward, one file for each group."""
