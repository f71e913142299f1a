#pragma once

#include "api/json_body.hpp"

#include "config/secret.hpp"
#include "config/server_settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace mfo::api {

struct login_request {
  std::string username;
  config::secret password;
};

/// POST {"username","password"}. The body is a secret: it is not for the log.
call_result make_login_call(const config::path_settings& paths,
                            const login_request& request);

struct login_reply {
  config::secret token;
  /// From now, where the reply has `expires_in`, in seconds.
  std::optional<std::chrono::seconds> lifetime{};
};

/// The token stands under `token`, `access_token` or `data.token`.
tl::expected<login_reply, api_error>
parse_login_reply(const http::client_response& reply);

/// The member `expires_in` (RFC 6749, section 5.1): seconds, as a number or, in
/// the wild, as digits. Nothing where it is missing, not positive, or beyond
/// ten years.
std::optional<std::chrono::seconds> expires_in(const json& body);

} // namespace mfo::api
