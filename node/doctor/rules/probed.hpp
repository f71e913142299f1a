#pragma once

#include "node/doctor/finding.hpp"

#include "signatures/probe.hpp"

#include <optional>
#include <string>

namespace mfo::node::doctor {

/// What came of a probe (signatures/probe.hpp) to the public URL of an
/// endpoint.
struct probe_seen {
  std::string subject; ///< `endpoints.github`
  std::string url;
  int status = 0;      ///< of the answer; 0: there was none
  std::string error{}; ///< why there was none
  /// Who answered with the endpoint's secret, if anybody did.
  std::optional<signatures::probe_identity> who{};
};

/// `own`: the node of the configuration, or who stands in for it; `shared`: it
/// has peers, any of whom a load balancer may choose.
[[nodiscard]] finding judge_probe(const probe_seen& seen,
                                  const signatures::probe_identity& own,
                                  bool shared);

} // namespace mfo::node::doctor
