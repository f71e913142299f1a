#pragma once

#include "config/signature_settings.hpp"

#include <string_view>

namespace mfo::config {

/// Why a secret is of no use to the scheme, for who configures it and without
/// a word of the secret; "" when it is of use. Keys in base64 have 16 bytes at
/// least: who has seen one request can try keys, and senders give out 24 and
/// more. What an operator chooses is only held to not being empty.
[[nodiscard]] std::string_view flaw_of_secret(signature_scheme scheme,
                                              std::string_view secret);

} // namespace mfo::config
