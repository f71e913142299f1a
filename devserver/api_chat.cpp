#include "devserver/api.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <vector>

/// Chat: the assistant says what it was told.
namespace mfo::devserver {

namespace {

using nlohmann::json;

/// What a chat request asks for.
struct chat_turn {
  json messages;
  json said; ///< the content of the last message
  std::string thread_id;
};

bool is_message(const json& message) {
  return message.is_object() && message.contains("role") &&
         message["role"].is_string() && message.contains("content");
}

std::optional<chat_turn> read_turn(const std::string& body) {
  const auto given = json::parse(body, nullptr, false);
  if (!given.is_object() || !given.contains("messages"))
    return std::nullopt;
  const auto& messages = given["messages"];
  if (!messages.is_array() || messages.empty() ||
      !std::all_of(messages.begin(), messages.end(), is_message))
    return std::nullopt;
  const auto thread = given.find("thread_id");
  const bool named = thread != given.end() && thread->is_string();
  return chat_turn{messages, messages.back()["content"],
                   named ? thread->get<std::string>() : std::string{}};
}

reply not_a_turn() {
  return error_reply(
      400, "messages is asked for, an array of {role, content}, not empty");
}

json said_by_assistant(const json& content) {
  return {{"role", "assistant"}, {"content", content}};
}

/// Words with the space that follows them; what is no string stays whole.
std::vector<json> words(const json& content) {
  if (!content.is_string())
    return {content};
  std::vector<json> parts;
  std::string_view rest = content.get_ref<const std::string&>();
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size() - 1) + 1;
    parts.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return parts;
}

std::string server_sent(const std::string& data) {
  return "data: " + data + "\n\n";
}

} // namespace

const std::string* api::canned_chat(const json& messages) const {
  const auto last_of = [&](std::string_view role) {
    const auto found =
        std::find_if(messages.rbegin(), messages.rend(), [&](const json& one) {
          return one["role"] == role && one["content"].is_string();
        });
    return found == messages.rend() ? std::string{}
                                    : (*found)["content"].get<std::string>();
  };
  const auto user = last_of("user");
  const auto system = last_of("system");
  const auto& all = settings_.canned.chat;
  const auto fits = [&](const chat_reply& one) {
    return user.find(one.contains) != std::string::npos ||
           system.find(one.contains) != std::string::npos;
  };
  const auto found = std::find_if(all.begin(), all.end(), fits);
  return found == all.end() ? nullptr : &found->content;
}

reply api::chat(request& req, const context&) {
  auto turn = read_turn(req.body);
  if (!turn)
    return not_a_turn();
  if (const auto* content = canned_chat(turn->messages))
    turn->said = *content;
  if (turn->thread_id.empty())
    turn->thread_id = fmt::format("thread-{}", ++made_up_);
  const auto answer = said_by_assistant(turn->said);
  const auto* known = threads_.find(turn->thread_id);
  auto history = known ? *known : std::string{};
  turn->messages.push_back(answer);
  for (const auto& message : turn->messages)
    history.append(history.empty() ? "" : ",").append(message.dump());
  const auto cost = history.size();
  threads_.put(turn->thread_id, std::move(history), cost);
  return json_reply(200, {{"id", fmt::format("chat-{}", ++made_up_)},
                          {"message", answer},
                          {"thread_id", turn->thread_id}});
}

reply api::chat_stream(request& req, const context&) {
  auto turn = read_turn(req.body);
  if (!turn)
    return not_a_turn();
  if (const auto* content = canned_chat(turn->messages))
    turn->said = *content;
  auto events = std::make_shared<std::vector<std::string>>();
  for (const auto& word : words(turn->said))
    events->push_back(server_sent(json{{"content", word}}.dump()));
  // Documents disagree about the end: `?end=complete` asks for the other one.
  events->push_back(server_sent(
      req.query("end") == "complete" ? R"({"status":"complete"})" : "[DONE]"));
  reply stream{.content_type = "text/event-stream"};
  stream.pieces = [events, next = std::size_t{0}]() mutable {
    return next < events->size() ? (*events)[next++] : std::string{};
  };
  return stream;
}

reply api::chat_history(request&, const context& ctx) {
  const auto* history = threads_.find(ctx.rest);
  if (!history)
    return error_reply(404, fmt::format("no thread {}", ctx.rest));
  return {.body = fmt::format(R"({{"thread_id":{},"messages":[{}]}})",
                              json_text(ctx.rest), *history)};
}

} // namespace mfo::devserver
