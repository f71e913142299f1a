#include "actors/flow_calls.hpp"

#include "api/chat.hpp"
#include "api/jobs.hpp"
#include "api/memory.hpp"
#include "api/resources.hpp"
#include "api/tools.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace mfo::actors {

namespace {

using config::server_settings;
using taskflow::call_failure;
using taskflow::call_request;
using taskflow::call_result;
using taskflow::json;

bool says_no(api::api_errc code) noexcept {
  switch (code) {
  case api::api_errc::invalid_request:
  case api::api_errc::unauthorized:
  case api::api_errc::forbidden:
  case api::api_errc::not_found:
  case api::api_errc::rejected:
    return true;
  default:
    return false;
  }
}

call_failure failure_of(const api::api_error& error) {
  auto message = error.message;
  if (!error.server_code.empty())
    message = error.server_code + ": " + message;
  return {.code = std::string{api::to_string(error.code)},
          .message = std::move(message),
          .refused = says_no(error.code),
          .transient = api::is_transient(error),
          .status = error.status,
          .retry_after =
              error.retry_after.value_or(std::chrono::milliseconds{0})};
}

// --- requests ----------------------------------------------------------------

api::call_result make(const taskflow::tool_call& call,
                      const server_settings& server) {
  return api::make_tool_call(server.paths, {call.tool_id, call.arguments});
}

api::call_result make(const taskflow::chat_call& call,
                      const server_settings& server) {
  api::chat_request request{.messages = {},
                            .thread_id = call.thread_id,
                            .model = call.model_id,
                            .provider = call.provider_id,
                            .tools = call.include_tools,
                            .server_tools = call.include_server_tools,
                            .options = call.options};
  if (!call.system_prompt.empty())
    request.messages.push_back({"system", call.system_prompt});
  request.messages.push_back({"user", call.prompt});
  return api::make_chat_call(server.paths, request);
}

api::call_result make(const taskflow::chat_history_call& call,
                      const server_settings& server) {
  return api::make_chat_history_call(server.paths, call.thread_id);
}

api::call_result make(const taskflow::resource_call& call,
                      const server_settings& server) {
  return api::make_resource_get_call(server.paths, call.resource_id);
}

api::call_result make(const taskflow::memory_get_call& call,
                      const server_settings& server) {
  return api::make_memory_get_call(server.paths, server.memory, call.key);
}

api::call_result make(const taskflow::memory_store_call& call,
                      const server_settings& server) {
  return api::make_memory_set_call(server.paths, server.memory,
                                   {call.key, call.value});
}

api::call_result make(const taskflow::job_status_call& call,
                      const server_settings& server) {
  return api::make_job_status_call(server.paths, call.job_id);
}

// --- replies -----------------------------------------------------------------

using parsed = tl::expected<json, api::api_error>;

parsed read(const taskflow::tool_call&, const http::client_response& reply) {
  return api::parse_tool_reply(reply).map(
      [](auto&& got) { return std::move(got.result); });
}

json to_json(const api::chat_message& message) {
  return {{"role", message.role}, {"content", message.content}};
}

parsed read(const taskflow::chat_call&, const http::client_response& reply) {
  return api::parse_chat_reply(reply).map([](auto&& got) {
    return json{{"message", to_json(got.message)},
                {"content", got.message.content},
                {"thread_id", got.thread_id}};
  });
}

parsed read(const taskflow::chat_history_call&,
            const http::client_response& reply) {
  return api::parse_chat_history_reply(reply).map([](auto&& got) {
    auto messages = json::array();
    for (const auto& each : got.messages)
      messages.push_back(to_json(each));
    return json{{"thread_id", got.thread_id},
                {"messages", std::move(messages)}};
  });
}

parsed read(const taskflow::resource_call&,
            const http::client_response& reply) {
  return api::parse_resource_reply(reply).map([](auto&& got) {
    return json{{"id", got.id},
                {"title", got.title},
                {"type", got.type},
                {"content", std::move(got.content)},
                {"metadata", std::move(got.metadata)}};
  });
}

parsed read(const taskflow::memory_get_call&,
            const http::client_response& reply) {
  return api::parse_memory_get_reply(reply).map(
      [](auto&& got) { return std::move(got.value); });
}

parsed read(const taskflow::memory_store_call&,
            const http::client_response& reply) {
  return api::parse_memory_change_reply(reply).map([] { return json{}; });
}

std::string_view to_string(api::job_state state) {
  constexpr std::array<std::string_view, 4> words{"running", "succeeded",
                                                  "failed", "cancelled"};
  return words[static_cast<std::size_t>(state)];
}

parsed read(const taskflow::job_status_call&,
            const http::client_response& reply) {
  return api::parse_job_status_reply(reply).map([](auto&& got) {
    return json{{"state", to_string(got.state)},
                {"result", std::move(got.result)},
                {"error", got.error}};
  });
}

template <class Call>
concept of_the_api = requires(const Call& call, const server_settings& server) {
  make(call, server);
};

} // namespace

bool is_api_call(const call_request& request) {
  return std::visit(
      [](const auto& call) { return of_the_api<std::decay_t<decltype(call)>>; },
      request);
}

tl::expected<api::call, call_failure>
to_api_call(const call_request& request, const server_settings& server) {
  auto made = std::visit(
      [&server](const auto& call) -> api::call_result {
        if constexpr (of_the_api<std::decay_t<decltype(call)>>)
          return make(call, server);
        else
          return tl::unexpected{api::invalid_request("no call of the API")};
      },
      request);
  return std::move(made).map_error(
      [](const api::api_error& error) { return failure_of(error); });
}

std::optional<api::call> next_api_call(const call_request& request,
                                       const server_settings& server,
                                       const api_result& first) {
  constexpr int not_found = 404;
  const auto* store = std::get_if<taskflow::memory_store_call>(&request);
  if (store == nullptr || server.memory != config::memory_form::keyed ||
      !first.reply || first.reply->status != not_found)
    return std::nullopt;
  auto made =
      api::make_memory_create_call(server.paths, {store->key, store->value});
  if (!made)
    return std::nullopt;
  return *std::move(made);
}

call_result result_of(const call_request& request, const api_result& got) {
  if (!got.reply)
    return tl::unexpected{
        got.outcome.error
            ? failure_of(got.outcome)
            : failure_of(api::api_error{.code = api::api_errc::bad_reply,
                                        .message = "there was no reply"})};
  auto read_as = std::visit(
      [&got](const auto& call) -> parsed {
        if constexpr (of_the_api<std::decay_t<decltype(call)>>)
          return read(call, *got.reply);
        else
          return json{};
      },
      request);
  if (!read_as)
    return tl::unexpected{failure_of(read_as.error())};
  return std::make_shared<const json>(*std::move(read_as));
}

namespace {

/// Whether another try may end otherwise.
bool may_pass(core::errc code) {
  switch (code) {
  case core::errc::upstream_rejected:
  case core::errc::internal_error:
  case core::errc::payload_too_large:
  case core::errc::taskflow_errored:
    return false;
  default:
    return true;
  }
}

} // namespace

call_failure failure_of(const core::outcome& outcome) {
  const auto& known = core::describe(*outcome.error);
  const auto code = *outcome.error;
  return {.code = std::string{known.slug},
          .message = std::string{known.title} +
                     (outcome.detail.empty() ? "" : ": " + outcome.detail),
          .refused = code == core::errc::upstream_rejected,
          .transient = may_pass(code),
          .status = outcome.upstream_status,
          .retry_after = outcome.retry_after};
}

} // namespace mfo::actors
