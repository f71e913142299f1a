#pragma once

#include "api/auth_provider.hpp"
#include "api/secret_file.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mfo::api {

/// The value of an Authorization field: "Basic " and base64 of name, colon and
/// password (RFC 7617, section 2; UTF-8).
std::string basic_credentials(std::string_view name, std::string_view password);

/// Refuses what RFC 7617 does: a name with a colon, control characters.
tl::expected<std::unique_ptr<auth_provider>, std::string>
make_basic_auth(const config::auth_settings& settings, secret_reader reader);

} // namespace mfo::api
