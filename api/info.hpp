#pragma once

#include "api/json_body.hpp"

#include "config/server_settings.hpp"

#include <string>

namespace mfo::api {

call make_info_call(const config::path_settings& paths);

/// What a server says of itself (SLOP). Each member may be empty or null.
struct info_reply {
  std::string name;
  std::string version;
  json endpoints;
  json capabilities;
};

/// The error is for a reply that is no JSON object.
tl::expected<info_reply, api_error>
parse_info_reply(const http::client_response& reply);

} // namespace mfo::api
