#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::config {

/// Looks a variable up: its value, or nothing if it is not set.
using environment =
    std::function<std::optional<std::string>(std::string_view name)>;

/// The variables of this process. As with getenv(3), nobody may change them
/// meanwhile.
[[nodiscard]] environment process_environment();

/// What gethostname(2) says, as a node's name (config/node_name.hpp).
[[nodiscard]] std::string host_name();

} // namespace mfo::config
