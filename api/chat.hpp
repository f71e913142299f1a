#pragma once

#include "api/json_body.hpp"

#include "config/server_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mfo::api {

/// One message of a chat (SLOP): a text, as a rule, but any JSON will do.
struct chat_message {
  std::string role; ///< e.g. "user", "assistant"
  json content;
};

struct chat_request {
  std::vector<chat_message> messages;
  std::string thread_id; ///< empty: not sent
  std::string model;     ///< empty: not sent
  // Of a taskflow's `mfo_api_chat_send`, under the names that it has there. The
  // documents have no body with these.
  std::string provider{};           ///< empty: not sent
  std::vector<std::string> tools{}; ///< empty: not sent
  bool server_tools = false;        ///< false: not sent
  json options = json::object();    ///< empty: not sent
};

/// Answered by one reply, or (see api/chat_stream.hpp) by a stream.
call_result make_chat_call(const config::path_settings& paths,
                           const chat_request& request);
call_result make_chat_stream_call(const config::path_settings& paths,
                                  const chat_request& request);

struct chat_reply {
  std::string id; ///< may be empty
  chat_message message;
  std::string thread_id; ///< may be empty
};

tl::expected<chat_reply, api_error>
parse_chat_reply(const http::client_response& reply);

/// What was said in a thread so far.
call_result make_chat_history_call(const config::path_settings& paths,
                                   std::string_view thread_id);

struct chat_history_reply {
  std::string thread_id; ///< may be empty
  std::vector<chat_message> messages;
};

/// {"thread_id","messages":[…]}, or the bare array.
tl::expected<chat_history_reply, api_error>
parse_chat_history_reply(const http::client_response& reply);

} // namespace mfo::api
