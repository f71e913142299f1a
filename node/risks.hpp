#pragma once

#include "config/settings.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::node {

/// A setting that lets in more than is usual, and that may be meant so.
struct risk {
  std::string_view text;
  /// Where, for the log: a name and a value each; two at the most.
  std::vector<std::pair<std::string_view, std::string>> where;
  std::string_view remedy; ///< unless it is meant
};

/// `admin` is where the admin listener is, or will be: the settings may leave
/// its port open.
[[nodiscard]] std::vector<risk> find_risks(const config::settings& settings,
                                           const config::listen_address& admin);

/// Writes a warning for each. `admin_port` is that which the listener has.
void warn_of_risks(const config::settings& settings, std::uint16_t admin_port,
                   telemetry::log& log);

} // namespace mfo::node
