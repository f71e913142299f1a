#pragma once

#include "api/auth_provider.hpp"
#include "api/secret_file.hpp"

#include <memory>
#include <string_view>

namespace mfo::api {

/// What is wrong with a token, in words that go on after "the token "; empty:
/// nothing. RFC 6750, section 2.1, allows less (b64token), but there are
/// servers whose tokens have other visible characters.
std::string token_fault(std::string_view token);

/// Authorization: Bearer <token> (RFC 6750).
tl::expected<std::unique_ptr<auth_provider>, std::string>
make_bearer_auth(const config::auth_settings& settings, secret_reader reader);

/// <header>: <token>; spaces may stand within the token.
tl::expected<std::unique_ptr<auth_provider>, std::string>
make_api_key_auth(const config::auth_settings& settings, secret_reader reader);

} // namespace mfo::api
