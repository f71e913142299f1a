#pragma once

#include "api/json_body.hpp"

#include "config/server_settings.hpp"

#include <string>

namespace mfo::api {

/// The server is to POST to `callback_url` whenever there is such an event.
struct subscribe_request {
  std::string event; ///< e.g. "email.processed"
  std::string callback_url;
};

/// Not repeatable: twice might mean each notification twice.
call_result make_subscribe_call(const config::path_settings& paths,
                                const subscribe_request& request);

struct subscribe_reply {
  std::string id; ///< of the subscription; may be empty
};

/// Any 2xx will do.
tl::expected<subscribe_reply, api_error>
parse_subscribe_reply(const http::client_response& reply);

} // namespace mfo::api
