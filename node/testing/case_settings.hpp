#pragma once

#include "casebook/case.hpp"
#include "config/settings.hpp"

namespace mfo::node {

/// The settings of a node that is only to be tested: on loopback, in the clear,
/// alone, with nothing on disk.
[[nodiscard]] config::settings settings_for_tests(config::settings from,
                                                  bool logs);

/// Has the node believe the sender's addresses that the case says.
void believe_addresses(config::settings& settings,
                       const casebook::test_case& of);

/// The same with secrets that are none of it, of the same form.
[[nodiscard]] config::signature_settings
with_wrong_secrets(config::signature_settings from);

} // namespace mfo::node
