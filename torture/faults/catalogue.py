"""All faults that there are."""

from faults import (clocks, configuration, limits, names, network, processes,
                    servers, sinks)

ALL = [kind for each in (processes, network, servers, sinks, names,
                         configuration, limits, clocks) for kind in each.ALL]
