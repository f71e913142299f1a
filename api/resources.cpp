#include "api/resources.hpp"

#include "api/path.hpp"

#include <fmt/format.h>

namespace mfo::api {

namespace {

json value_of(const json& item, std::string_view name) {
  const auto* member = find_member(item, name);
  return member == nullptr ? json{} : *member;
}

tl::expected<resource, api_error> read_resource(const json& item,
                                                std::string_view where) {
  auto id = required_text(item, where, "id");
  if (!id)
    return tl::unexpected(std::move(id.error()));
  return resource{*std::move(id), optional_text(item, "title"),
                  optional_text(item, "type"), value_of(item, "content"),
                  value_of(item, "metadata")};
}

} // namespace

call make_resource_list_call(const config::path_settings& paths) {
  return {.what = operation::resource_list, .target = paths.resources};
}

tl::expected<resource_list_reply, api_error>
parse_resource_list_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  const auto listed = list_in(*body, "resources");
  if (!listed)
    return tl::unexpected(listed.error());
  resource_list_reply list;
  const auto* where = body->is_array() ? "" : "/resources";
  for (const auto& item : **listed) {
    auto one =
        read_resource(item, fmt::format("{}/{}", where, list.resources.size()));
    if (!one)
      return tl::unexpected(std::move(one.error()));
    list.resources.push_back(*std::move(one));
  }
  return list;
}

call_result make_resource_get_call(const config::path_settings& paths,
                                   std::string_view id) {
  auto target = fill_path(paths.resource, {{"id", id, slashes::kept}});
  if (!target)
    return tl::unexpected(std::move(target.error()));
  return call{.what = operation::resource_get, .target = *std::move(target)};
}

call_result make_resource_create_call(const config::path_settings& paths,
                                      const resource& request) {
  auto body = json::object();
  for (const auto& [name, text] : {std::pair{"id", &request.id},
                                   {"title", &request.title},
                                   {"type", &request.type}})
    if (!text->empty())
      body[name] = *text;
  for (const auto& [name, value] : {std::pair{"content", &request.content},
                                    {"metadata", &request.metadata}})
    if (!value->is_null())
      body[name] = *value;
  return with_json({.what = operation::resource_create,
                    .method = "POST",
                    .target = paths.resources,
                    .repeatable = false},
                   body);
}

tl::expected<resource, api_error>
parse_resource_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  return read_resource(*body, "");
}

} // namespace mfo::api
