#pragma once

#include "api/json_body.hpp"

#include "config/server_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mfo::api {

/// Something that the server keeps (SLOP). Empty and null members are not
/// sent, and in a reply were not there.
struct resource {
  std::string id; ///< may contain "/"
  std::string title;
  std::string type;
  json content;
  json metadata;
};

call make_resource_list_call(const config::path_settings& paths);

struct resource_list_reply {
  std::vector<resource> resources;
};

/// {"resources":[…]} or the bare array.
tl::expected<resource_list_reply, api_error>
parse_resource_list_reply(const http::client_response& reply);

/// The slashes of the id stay slashes.
call_result make_resource_get_call(const config::path_settings& paths,
                                   std::string_view id);

/// Not repeatable: without an id, twice would make two.
call_result make_resource_create_call(const config::path_settings& paths,
                                      const resource& request);

/// Of get and create.
tl::expected<resource, api_error>
parse_resource_reply(const http::client_response& reply);

} // namespace mfo::api
