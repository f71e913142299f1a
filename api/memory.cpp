#include "api/memory.hpp"

#include "api/path.hpp"

#include <fmt/format.h>

namespace mfo::api {

namespace {

using config::memory_form;

call_result at_key(const config::path_settings& paths, std::string_view key,
                   operation what, const char* method) {
  auto target = fill_path(paths.memory_key, {{"key", key}});
  if (!target)
    return tl::unexpected(std::move(target.error()));
  return call{.what = what, .method = method, .target = *std::move(target)};
}

call_result post_value(const std::string& target,
                       const memory_set_request& request) {
  if (request.key.empty())
    return tl::unexpected(invalid_request("key is empty"));
  return with_json(
      {.what = operation::memory_set, .method = "POST", .target = target},
      {{"key", request.key}, {"value", request.value}});
}

} // namespace

call make_memory_list_call(const config::path_settings& paths) {
  return {.what = operation::memory_list, .target = paths.memory};
}

tl::expected<memory_list_reply, api_error>
parse_memory_list_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  const auto listed = list_in(*body, "keys");
  if (!listed)
    return tl::unexpected(listed.error());
  memory_list_reply list;
  const auto* where = body->is_array() ? "" : "/keys";
  for (const auto& item : **listed) {
    auto key = text_of(item);
    if (!key && item.is_object()) {
      auto member = required_text(
          item, fmt::format("{}/{}", where, list.keys.size()), "key");
      if (!member)
        return tl::unexpected(std::move(member.error()));
      key = *std::move(member);
    }
    if (!key)
      return tl::unexpected(wrong_type(
          fmt::format("{}/{}", where, list.keys.size()), "a string"));
    list.keys.push_back(*std::move(key));
  }
  return list;
}

call_result make_memory_get_call(const config::path_settings& paths,
                                 memory_form form, std::string_view key) {
  if (form == memory_form::keyed)
    return at_key(paths, key, operation::memory_get, "GET");
  if (key.empty())
    return tl::unexpected(invalid_request("key is empty"));
  auto target = with_query(paths.memory_get, "key", key);
  if (!target)
    return tl::unexpected(std::move(target.error()));
  return call{.what = operation::memory_get, .target = *std::move(target)};
}

tl::expected<memory_get_reply, api_error>
parse_memory_get_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  const auto value = required_value(*body, "", "value");
  if (!value)
    return tl::unexpected(value.error());
  return memory_get_reply{**value};
}

call_result make_memory_set_call(const config::path_settings& paths,
                                 memory_form form,
                                 const memory_set_request& request) {
  if (form == memory_form::set_get)
    return post_value(paths.memory_set, request);
  auto to = at_key(paths, request.key, operation::memory_set, "PUT");
  if (!to)
    return to;
  return with_json(*std::move(to), {{"value", request.value}});
}

call_result make_memory_create_call(const config::path_settings& paths,
                                    const memory_set_request& request) {
  return post_value(paths.memory, request);
}

call_result make_memory_delete_call(const config::path_settings& paths,
                                    std::string_view key) {
  return at_key(paths, key, operation::memory_delete, "DELETE");
}

tl::expected<void, api_error>
parse_memory_change_reply(const http::client_response& reply) {
  return check_status(reply);
}

} // namespace mfo::api
