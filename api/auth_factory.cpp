#include "api/auth_factory.hpp"

#include "api/auth_basic.hpp"
#include "api/auth_jwt_login.hpp"
#include "api/auth_none.hpp"
#include "api/auth_oauth2.hpp"
#include "api/auth_static.hpp"

#include <utility>

namespace mfo::api {

tl::expected<std::unique_ptr<auth_provider>, std::string>
make_auth_provider(const config::auth_settings& settings,
                   const config::path_settings& paths, secret_reader reader) {
  switch (settings.type) {
  case config::auth_type::bearer:
    return make_bearer_auth(settings, std::move(reader));
  case config::auth_type::api_key:
    return make_api_key_auth(settings, std::move(reader));
  case config::auth_type::basic:
    return make_basic_auth(settings, std::move(reader));
  case config::auth_type::jwt_login:
    return make_jwt_login_auth(settings, paths, std::move(reader));
  case config::auth_type::oauth2:
    return make_oauth2_auth(settings, std::move(reader));
  case config::auth_type::none:
    break;
  }
  return make_none_auth();
}

} // namespace mfo::api
