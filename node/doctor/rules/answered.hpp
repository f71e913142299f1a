#pragma once

#include "node/doctor/finding.hpp"

#include <string>

namespace mfo::node::doctor {

/// What came of a call that asks for nothing but what the node may read.
struct answer_seen {
  std::string subject;         ///< `servers.default`
  bool has_credentials = true; ///< `auth` is something else than none
  int status = 0;              ///< of the reply; 0: there was none
  std::string detail{};        ///< why there was none
  std::string asked{};         ///< method and path
};

/// Whether the server lets the node in.
[[nodiscard]] finding judge_answer(const answer_seen& seen);

} // namespace mfo::node::doctor
