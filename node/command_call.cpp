#include "node/command_call.hpp"

#include "node/api_caller.hpp"
#include "node/number_option.hpp"

#include "api/chat.hpp"
#include "api/chat_stream.hpp"
#include "api/events.hpp"
#include "api/info.hpp"
#include "api/memory.hpp"
#include "api/notifications.hpp"
#include "api/resources.hpp"
#include "api/tools.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mfo::node {

namespace {

using nlohmann::json;

/// What a subcommand does once its server is known.
using action = std::function<exit_status(api_caller&)>;

/// The options of `call`, and what the subcommand given wants done.
struct call_command {
  api_caller::options how;
  action run;
};

using command_ptr = std::shared_ptr<call_command>;

/// A subcommand; `fill` adds its options and gives its action.
template <class Arguments>
std::pair<CLI::App*, std::shared_ptr<Arguments>>
add_subcommand(CLI::App& parent, const command_ptr& command,
               const std::string& name, const std::string& help,
               exit_status (*run)(api_caller&, const Arguments&)) {
  auto given = std::make_shared<Arguments>();
  auto* sub = parent.add_subcommand(name, help)->fallthrough();
  sub->callback([command, given, run] {
    command->run = [given, run](api_caller& caller) {
      return run(caller, *given);
    };
  });
  return {sub, given};
}

// --- chat -------------------------------------------------------------------

struct chat_arguments {
  std::string message;
  std::string thread;
  std::string model;
  bool stream = false;
};

exit_status stream_chat(api_caller& caller, const api::chat_request& request) {
  api::chat_stream reader;
  tl::expected<void, api::api_error> read;
  const auto say = [](const json& delta) {
    fmt::print("{}", text_or_json(delta));
    std::fflush(stdout);
  };
  const auto status =
      caller.stream(api::make_chat_stream_call(caller.paths(), request),
                    [&](std::string_view piece) {
                      if (read)
                        read = reader.feed(piece, say);
                    });
  if (status != exit_status::ok)
    return status;
  fmt::print("\n");
  if (read)
    read = reader.end();
  return read ? exit_status::ok : caller.fail(read.error());
}

exit_status chat(api_caller& caller, const chat_arguments& given) {
  const api::chat_request request{.messages = {{"user", given.message}},
                                  .thread_id = given.thread,
                                  .model = given.model};
  if (given.stream)
    return stream_chat(caller, request);
  return caller.call(api::make_chat_call(caller.paths(), request),
                     api::parse_chat_reply,
                     [](const auto& reply) { return reply.message.content; });
}

exit_status chat_history(api_caller& caller, const std::string& thread) {
  return caller.call(api::make_chat_history_call(caller.paths(), thread),
                     api::parse_chat_history_reply, show_body);
}

void add_chat(CLI::App& parent, const command_ptr& command) {
  const auto [send, given] = add_subcommand<chat_arguments>(
      parent, command, "chat", "Say something, print the answer", chat);
  send->add_option("message", given->message)->required();
  send->add_option("--thread", given->thread, "Go on in this thread");
  send->add_option("--model", given->model, "Ask for this model");
  send->add_flag("--stream", given->stream, "Print the answer as it comes");
  const auto [history, thread] = add_subcommand<std::string>(
      parent, command, "chat-history", "Print what was said in a thread",
      chat_history);
  history->add_option("thread", *thread, "Id of the thread")->required();
}

// --- tools ------------------------------------------------------------------

struct tool_arguments {
  std::string name;
  std::string arguments = "{}";
};

exit_status run_tool(api_caller& caller, const tool_arguments& given) {
  auto arguments = read_json_argument(given.arguments);
  if (!arguments)
    return caller.fail(arguments.error());
  return caller.call(
      api::make_tool_call(caller.paths(), {given.name, *std::move(arguments)}),
      api::parse_tool_reply, [](const auto& reply) { return reply.result; });
}

struct nothing {};

exit_status list_tools(api_caller& caller, const nothing&) {
  return caller.call(api::make_tool_list_call(caller.paths()),
                     api::parse_tool_list_reply, show_body);
}

void add_tools(CLI::App& parent, const command_ptr& command) {
  const auto [tool, given] = add_subcommand<tool_arguments>(
      parent, command, "tool", "Run a tool, print its result", run_tool);
  tool->add_option("name", given->name)->required();
  tool->add_option("arguments", given->arguments,
                   "JSON object; @FILE or @- reads it")
      ->capture_default_str()
      ->type_name("JSON");
  add_subcommand<nothing>(parent, command, "tools", "List the tools",
                          list_tools);
}

// --- memory -----------------------------------------------------------------

struct memory_arguments {
  std::string key;
  std::string value;
};

exit_status get_memory(api_caller& caller, const memory_arguments& given) {
  return caller.call(api::make_memory_get_call(
                         caller.paths(), caller.server().memory, given.key),
                     api::parse_memory_get_reply,
                     [](const auto& reply) { return reply.value; });
}

exit_status set_memory(api_caller& caller, const memory_arguments& given) {
  auto value = read_json_argument(given.value);
  if (!value)
    return caller.fail(value.error());
  return caller.change(
      api::make_memory_set_call(caller.paths(), caller.server().memory,
                                {given.key, *std::move(value)}),
      api::parse_memory_change_reply);
}

exit_status delete_memory(api_caller& caller, const memory_arguments& given) {
  return caller.change(api::make_memory_delete_call(caller.paths(), given.key),
                       api::parse_memory_change_reply);
}

exit_status list_memory(api_caller& caller, const nothing&) {
  return caller.call(api::make_memory_list_call(caller.paths()),
                     api::parse_memory_list_reply, show_body);
}

void add_memory(CLI::App& parent, const command_ptr& command) {
  auto* memory =
      parent.add_subcommand("memory", "Values that the server keeps")
          ->fallthrough();
  memory->require_subcommand(1);
  const auto [get, key] = add_subcommand<memory_arguments>(
      *memory, command, "get", "Print a value", get_memory);
  get->add_option("key", key->key)->required();
  const auto [set, both] = add_subcommand<memory_arguments>(
      *memory, command, "set", "Store a value", set_memory);
  set->add_option("key", both->key)->required();
  set->add_option("value", both->value, "JSON; @FILE or @- reads it")
      ->required()
      ->type_name("JSON");
  const auto [forget, gone] = add_subcommand<memory_arguments>(
      *memory, command, "delete", "Forget a value", delete_memory);
  forget->add_option("key", gone->key)->required();
  add_subcommand<nothing>(*memory, command, "list", "List the keys",
                          list_memory);
}

// --- resources --------------------------------------------------------------

exit_status get_resource(api_caller& caller, const std::string& id) {
  return caller.call(api::make_resource_get_call(caller.paths(), id),
                     api::parse_resource_reply, show_body);
}

exit_status list_resources(api_caller& caller, const nothing&) {
  return caller.call(api::make_resource_list_call(caller.paths()),
                     api::parse_resource_list_reply, show_body);
}

struct resource_arguments {
  std::string id;
  std::string title;
  std::string type;
  std::string content;
};

exit_status create_resource(api_caller& caller,
                            const resource_arguments& given) {
  auto content = read_json_argument(given.content);
  if (!content)
    return caller.fail(content.error());
  return caller.call(
      api::make_resource_create_call(
          caller.paths(),
          {given.id, given.title, given.type, *std::move(content), {}}),
      api::parse_resource_reply, show_body);
}

void add_resources(CLI::App& parent, const command_ptr& command) {
  auto* resource =
      parent.add_subcommand("resource", "Documents that the server keeps")
          ->fallthrough();
  resource->require_subcommand(1);
  const auto [get, id] = add_subcommand<std::string>(
      *resource, command, "get", "Print a resource", get_resource);
  get->add_option("id", *id, "May contain slashes")->required();
  const auto [create, given] = add_subcommand<resource_arguments>(
      *resource, command, "create", "Make a resource", create_resource);
  create->add_option("content", given->content, "JSON; @FILE or @- reads it")
      ->required()
      ->type_name("JSON");
  create->add_option("--id", given->id);
  create->add_option("--title", given->title);
  create->add_option("--type", given->type);
  add_subcommand<nothing>(*resource, command, "list", "List the resources",
                          list_resources);
}

// --- the rest ---------------------------------------------------------------

struct job_arguments {
  std::string id;
  bool wait = false;
};

exit_status job(api_caller& caller, const job_arguments& given) {
  return given.wait ? caller.await_job(given.id) : caller.show_job(given.id);
}

exit_status info(api_caller& caller, const nothing&) {
  return caller.call(api::make_info_call(caller.paths()), api::parse_info_reply,
                     show_body);
}

exit_status post_event(api_caller& caller, const std::string& body) {
  auto event = read_json_argument(body);
  if (!event)
    return caller.fail(event.error());
  return caller.call(
      api::make_event_call(caller.paths(),
                           {std::make_shared<const std::string>(event->dump()),
                            caller.server().format}),
      api::parse_event_reply, show_body);
}

struct subscribe_arguments {
  std::string event;
  std::string url;
};

exit_status subscribe(api_caller& caller, const subscribe_arguments& given) {
  return caller.call(
      api::make_subscribe_call(caller.paths(), {given.event, given.url}),
      api::parse_subscribe_reply, show_body);
}

void add_others(CLI::App& parent, const command_ptr& command) {
  const auto [status, of] = add_subcommand<job_arguments>(
      parent, command, "job", "Print the state of a job", job);
  status->add_option("id", of->id)->required();
  status->add_flag("--wait", of->wait, "Wait until it has ended");
  const auto [post, body] = add_subcommand<std::string>(
      parent, command, "event", "Post an event, as it stands", post_event);
  post->add_option("event", *body, "JSON; @FILE or @- reads it")
      ->required()
      ->type_name("JSON");
  const auto [sub, given] = add_subcommand<subscribe_arguments>(
      parent, command, "subscribe", "Ask to be called back for an event",
      subscribe);
  sub->add_option("event", given->event)->required();
  sub->add_option("url", given->url, "Where the server is to call back")
      ->required();
  add_subcommand<nothing>(parent, command, "info",
                          "Print what the server says of itself", info);
}

} // namespace

void add_call_command(CLI::App& app, command_action& chosen) {
  auto command = std::make_shared<call_command>();
  auto* call = app.add_subcommand(
      "call", "Call the server's API as a node would: its authorisation, "
              "retries and time-outs");
  call->require_subcommand(1);
  auto& how = command->how;
  call->add_option("-c,--config", how.config, "Configuration file")
      ->required()
      ->type_name("FILE");
  call->add_option("--server", how.server,
                   "Name of the server; default: the only one, or `default`")
      ->type_name("NAME");
  call->add_option("--timeout", how.timeout, "Seconds in all, retries included")
      ->check(number_within(0.001, 86'400))
      ->capture_default_str()
      ->type_name("SECONDS");
  call->add_flag("--raw", how.raw, "Print the reply's body as it came");
  call->add_flag("-v,--verbose", how.verbose,
                 "Tell of each try on standard error, with its timing");
  add_chat(*call, command);
  add_tools(*call, command);
  add_memory(*call, command);
  add_resources(*call, command);
  add_others(*call, command);
  set_action(*call, chosen, [command] {
    auto caller = api_caller::open(command->how);
    return caller ? command->run(**caller) : report("call", caller.error());
  });
}

} // namespace mfo::node
