#pragma once

#include "node/doctor/finding.hpp"

#include "config/settings.hpp"

#include <string>
#include <vector>

namespace mfo::node::doctor {

/// A secret, and where it stands in the configuration.
struct named_secret {
  std::string subject;
  config::secret value; ///< without a user's name before it
};

/// Those of the endpoints, of the admin listener and of the servers.
[[nodiscard]] std::vector<named_secret>
secrets_of(const config::settings& settings);

/// Whether somebody who tries would find it. Never says a byte of it.
[[nodiscard]] finding judge_secret(const named_secret& what);

} // namespace mfo::node::doctor
