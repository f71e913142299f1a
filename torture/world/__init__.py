"""What stands in the field: nodes, their network, servers, sinks and clocks."""
