#pragma once

#include "api/json_body.hpp"

#include "config/server_settings.hpp"

#include <string>
#include <vector>

namespace mfo::api {

call make_tool_list_call(const config::path_settings& paths);

struct tool_description {
  std::string name;        ///< what a call gives: the tool's id
  std::string description; ///< may be empty
  json details;            ///< all that the server says of it
};

struct tool_list_reply {
  std::vector<tool_description> tools;
};

/// {"tools":[…]} or the bare array; a tool is an object with `id` or `name`,
/// or its name alone.
tl::expected<tool_list_reply, api_error>
parse_tool_list_reply(const http::client_response& reply);

struct tool_request {
  std::string name;
  json arguments = json::object(); ///< an object; sent bare
};

/// Not repeatable: who knows what a tool does.
call_result make_tool_call(const config::path_settings& paths,
                           const tool_request& request);

struct tool_reply {
  json result; ///< any value, null included
};

tl::expected<tool_reply, api_error>
parse_tool_reply(const http::client_response& reply);

} // namespace mfo::api
