#pragma once

#include "config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mfo::config {

/// The keys whose values differ, sorted, each with the keys above it:
/// `limits.max_in_flight`, `endpoints.orders.timeout` (an entry of a list goes
/// by its id or name). One that is in one of the two alone is there without
/// those below it. A secret has no place of its own: if any has changed, and
/// nothing that can be shown, the last is `secrets`.
[[nodiscard]] std::vector<std::string> changed_keys(const settings& before,
                                                    const settings& after);

/// Those of them that a running node cannot change.
[[nodiscard]] std::vector<std::string>
fixed_keys(const std::vector<std::string>& changed, const settings& running);

} // namespace mfo::config
