#pragma once

#include "config/signature_settings.hpp"

#include <string>
#include <vector>

namespace mfo::config {

/// Where the scheme's sender puts its own id of a delivery, in order of
/// preference: what is signed stands before what is not, so that who replays a
/// request can't give it another id. Empty: nowhere, or in the body. The fields
/// are listed in docs/reference/signatures.md.
[[nodiscard]] std::vector<std::string>
delivery_id_fields(const signature_settings& signature);

} // namespace mfo::config
