#include "api/chat.hpp"

#include "api/path.hpp"

#include <fmt/format.h>

namespace mfo::api {

namespace {

call_result post_chat(call to, const chat_request& request) {
  if (request.messages.empty())
    return tl::unexpected(invalid_request("there is no message"));
  auto messages = json::array();
  for (const auto& message : request.messages)
    messages.push_back({{"role", message.role}, {"content", message.content}});
  json body{{"messages", std::move(messages)}};
  if (!request.thread_id.empty())
    body["thread_id"] = request.thread_id;
  if (!request.model.empty())
    body["model"] = request.model;
  if (!request.provider.empty())
    body["provider_id"] = request.provider;
  if (!request.tools.empty())
    body["include_tools"] = request.tools;
  if (request.server_tools)
    body["include_server_tools"] = true;
  if (!request.options.empty())
    body["options"] = request.options;
  to.method = "POST";
  to.repeatable = false;
  return with_json(std::move(to), body);
}

/// `where` the message stands.
tl::expected<chat_message, api_error> read_message(const json& message,
                                                   std::string_view where) {
  const auto content = required_value(message, where, "content");
  if (!content)
    return tl::unexpected(content.error());
  return chat_message{optional_text(message, "role"), **content};
}

} // namespace

call_result make_chat_call(const config::path_settings& paths,
                           const chat_request& request) {
  return post_chat({.what = operation::chat, .target = paths.chat}, request);
}

call_result make_chat_stream_call(const config::path_settings& paths,
                                  const chat_request& request) {
  return post_chat({.what = operation::chat_stream,
                    .target = paths.chat_stream,
                    .accept = "text/event-stream"},
                   request);
}

tl::expected<chat_reply, api_error>
parse_chat_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  const auto found = required(*body, "", "message");
  if (!found)
    return tl::unexpected(found.error());
  auto message = read_message(**found, "/message");
  if (!message)
    return tl::unexpected(message.error());
  return chat_reply{optional_text(*body, "id"), *std::move(message),
                    optional_text(*body, "thread_id")};
}

call_result make_chat_history_call(const config::path_settings& paths,
                                   std::string_view thread_id) {
  auto target = fill_path(paths.chat_history, {{"thread_id", thread_id}});
  if (!target)
    return tl::unexpected(target.error());
  return call{.what = operation::chat_history, .target = *std::move(target)};
}

tl::expected<chat_history_reply, api_error>
parse_chat_history_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  const auto listed = list_in(*body, "messages");
  if (!listed)
    return tl::unexpected(listed.error());
  chat_history_reply history{optional_text(*body, "thread_id"), {}};
  const auto* where = body->is_array() ? "" : "/messages";
  for (const auto& item : **listed) {
    auto message = read_message(
        item, fmt::format("{}/{}", where, history.messages.size()));
    if (!message)
      return tl::unexpected(message.error());
    history.messages.push_back(*std::move(message));
  }
  return history;
}

} // namespace mfo::api
