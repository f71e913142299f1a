#pragma once

#include "api/auth_provider.hpp"
#include "api/secret_file.hpp"

#include "config/server_settings.hpp"

#include <memory>
#include <string>

namespace mfo::api {

/// Posts user name and password to `paths.login` and uses the token of the
/// reply as a bearer token, for as long as its `exp` says (api/jwt.hpp), or
/// else `expires_in`, or else until it is refused. See api/token_login.hpp.
tl::expected<std::unique_ptr<auth_provider>, std::string>
make_jwt_login_auth(const config::auth_settings& settings,
                    const config::path_settings& paths, secret_reader reader);

} // namespace mfo::api
