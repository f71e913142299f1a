"""What scenarios with real processes have in common: they are started, watched,
always stopped, and what they recorded is read."""
