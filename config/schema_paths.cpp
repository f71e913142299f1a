#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/section.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mfo::config {

namespace {

/// What a path may hold, and whether it must: "" for nothing.
codec<std::string> path_template(std::string_view variable) {
  const auto range =
      variable.empty()
          ? std::string("starts with /; no ?, #, space or //")
          : fmt::format("starts with / and has {{{}}} in it", variable);
  return text("URL path", range, [name = std::string(variable)](auto given) {
    return parse_path_template(given, name);
  });
}

field<path_settings> path(std::string key, std::string help,
                          std::string path_settings::*member,
                          std::string_view variable = {}) {
  auto example = "/v1" + path_settings{}.*member;
  return value<path_settings>({.key = std::move(key),
                               .help = std::move(help),
                               .example = std::move(example)},
                              member, path_template(variable));
}

} // namespace

section<path_settings> path_table() {
  using s = path_settings;
  return make_section<s>({
      path("login", "Where `jwt_login` logs in.", &s::login),
      path("events", "Events are posted here.", &s::events),
      path("chat", "A chat message.", &s::chat),
      path("chat_stream", "A chat message, answered piece by piece.",
           &s::chat_stream),
      path("chat_history", "What was said in a thread.", &s::chat_history,
           "thread_id"),
      path("tools", "The list of tools.", &s::tools),
      path("tool", "A tool is run here.", &s::tool, "tool_name"),
      path("memory", "With `memory: keyed`: create and list.", &s::memory),
      path("memory_key", "With `memory: keyed`: one value.", &s::memory_key,
           "key"),
      path("memory_set", "With `memory: set_get`: write.", &s::memory_set),
      path("memory_get", "With `memory: set_get`: read, with `?key=`.",
           &s::memory_get),
      path("resources", "The list of resources, and new ones.", &s::resources),
      path("resource", "One resource; slashes of its id stay.", &s::resource,
           "id"),
      path("job", "The state of a job.", &s::job, "job_id"),
      path("subscribe", "Notifications are subscribed to here.", &s::subscribe),
      path("info", "What the server says of itself.", &s::info),
  });
}

} // namespace mfo::config
