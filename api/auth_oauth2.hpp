#pragma once

#include "api/auth_provider.hpp"
#include "api/secret_file.hpp"

#include "config/server_settings.hpp"

#include <memory>
#include <string>

namespace mfo::api {

/// Client credentials (RFC 6749, section 4.4) from `settings.token_url`, which
/// may be of another origin than the server. The client says who it is by HTTP
/// Basic (section 2.3.1). The token is used for `expires_in`; see
/// api/token_login.hpp.
tl::expected<std::unique_ptr<auth_provider>, std::string>
make_oauth2_auth(const config::auth_settings& settings, secret_reader reader);

} // namespace mfo::api
