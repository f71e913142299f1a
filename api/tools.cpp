#include "api/tools.hpp"

#include "api/path.hpp"

#include <fmt/format.h>

namespace mfo::api {

namespace {

tl::expected<tool_description, api_error> read_tool(const json& item,
                                                    const std::string& where) {
  if (item.is_string())
    return tool_description{item.get<std::string>(), {}, item};
  auto name = optional_text(item, "id");
  if (name.empty())
    name = optional_text(item, "name");
  if (!name.empty())
    return tool_description{std::move(name), optional_text(item, "description"),
                            item};
  auto missing = required_text(item, where, "id");
  return tl::unexpected(missing ? wrong_type(where + "/id", "a name")
                                : std::move(missing.error()));
}

} // namespace

call make_tool_list_call(const config::path_settings& paths) {
  return {.what = operation::tool_list, .target = paths.tools};
}

tl::expected<tool_list_reply, api_error>
parse_tool_list_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  const auto listed = list_in(*body, "tools");
  if (!listed)
    return tl::unexpected(listed.error());
  tool_list_reply list;
  const auto* where = body->is_array() ? "" : "/tools";
  for (const auto& item : **listed) {
    auto tool = read_tool(item, fmt::format("{}/{}", where, list.tools.size()));
    if (!tool)
      return tl::unexpected(std::move(tool.error()));
    list.tools.push_back(*std::move(tool));
  }
  return list;
}

call_result make_tool_call(const config::path_settings& paths,
                           const tool_request& request) {
  if (!request.arguments.is_object())
    return tl::unexpected(
        invalid_request("the arguments of a tool are a JSON object"));
  auto target = fill_path(paths.tool, {{"tool_name", request.name}});
  if (!target)
    return tl::unexpected(std::move(target.error()));
  return with_json({.what = operation::tool,
                    .method = "POST",
                    .target = *std::move(target),
                    .repeatable = false},
                   request.arguments);
}

tl::expected<tool_reply, api_error>
parse_tool_reply(const http::client_response& reply) {
  auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(std::move(body.error()));
  auto result = required_value(*body, "", "result");
  if (!result)
    return tl::unexpected(std::move(result.error()));
  return tool_reply{**result};
}

} // namespace mfo::api
