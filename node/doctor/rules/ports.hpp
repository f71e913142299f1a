#pragma once

#include "node/doctor/finding.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace mfo::node::doctor {

struct process {
  pid_t id = 0;
  std::string name{};

  friend bool operator==(const process&, const process&) = default;
};

/// What came of an attempt to take an address, as the node will.
struct port_seen {
  std::string subject; ///< its key: `listen`
  std::string address; ///< `0.0.0.0:8088`
  int error = 0;       ///< errno; 0: it is free
  /// Those that listen there and can be seen.
  std::vector<process> users{};
  bool by_this_node = false; ///< the node of this configuration runs
};

[[nodiscard]] finding judge_port(const port_seen& seen);

} // namespace mfo::node::doctor
