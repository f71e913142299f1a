#pragma once

#include "node/taskflow/admin_client.hpp"

#include "config/environment.hpp"
#include "config/settings.hpp"
#include "config/tls_settings.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mfo::node::doctor {

/// The node that answers at the admin listener of the configuration, if any.
struct running_node {
  std::string name;
  std::string instance;     ///< of the process; empty: of a release without it
  std::vector<pid_t> ids{}; ///< as far as they can be seen
};

/// What is looked at. The same for all checks, which run at the same time.
struct patient {
  std::string config_file;
  config::settings settings;
  config::environment variables;
  /// For who is asked by HTTPS in the name of the operator: the admin listener
  /// and `public_url`.
  config::tls_settings tls;
  std::chrono::milliseconds timeout{5'000}; ///< of each check of the network
  std::optional<running_node> running{};    ///< only the node of `settings`

  [[nodiscard]] std::chrono::steady_clock::time_point deadline() const {
    return std::chrono::steady_clock::now() + timeout;
  }

  /// How the admin listener is asked.
  [[nodiscard]] admin_arguments admin() const {
    admin_arguments given;
    given.config = config_file;
    given.tls = tls;
    given.timeout = std::chrono::duration<double>(timeout).count();
    return given;
  }
};

} // namespace mfo::node::doctor
