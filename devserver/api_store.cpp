#include "devserver/api.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

/// Memory, in both documented forms, and resources. Values are kept and given
/// back byte for byte.
namespace mfo::devserver {

namespace {

using nlohmann::json;

/// Users don't see each other's keys. No user name holds a NUL that matters:
/// the first one ends it.
std::string scoped(const std::string& user, std::string_view key) {
  return fmt::format("{}{}{}", user, '\0', key);
}

std::optional<std::string> text_member(const json& given, const char* name) {
  if (!given.is_object() || !given.contains(name) || !given[name].is_string())
    return std::nullopt;
  return given[name].get<std::string>();
}

} // namespace

void api::put_resources_and_jobs() {
  for (const auto& each : settings_.canned.resources)
    resources_.put(each.id, each.body, each.body.size());
  for (const auto& each : settings_.canned.jobs)
    jobs_.put(each.id, {each.polls, each.fails, each.result},
              each.result.size());
}

void api::put_memory(const std::string& user) {
  if (settings_.canned.memory.empty() || !users_.put(user, true, 1))
    return;
  for (const auto& [key, value] : settings_.canned.memory)
    memory_.put(scoped(user, key), value, value.size());
}

reply api::list_memory(request&, const context& ctx) {
  const auto prefix = scoped(ctx.user, "");
  auto keys = json::array();
  memory_.for_each([&](const std::string& key, const std::string&) {
    if (key.starts_with(prefix))
      keys.push_back(key.substr(prefix.size()));
  });
  return json_reply(200, {{"keys", keys}});
}

reply api::post_memory(request& req, const context& ctx) {
  const auto key = text_member(json::parse(req.body, nullptr, false), "key");
  const auto value = key ? json_.member(req.body, "value") : std::nullopt;
  if (!value)
    return error_reply(400, "key, a string, and value are asked for");
  memory_.put(scoped(ctx.user, *key), std::string(*value), value->size());
  return json_reply(200, {{"status", "stored"}, {"key", *key}});
}

reply api::recall(const context& ctx, const std::string& key) {
  const auto* value = memory_.find(scoped(ctx.user, key));
  if (!value)
    return error_reply(404, fmt::format("no memory of {}", key));
  return {.body = fmt::format(R"({{"key":{},"value":{}}})", json_text(key),
                              *value)};
}

reply api::get_memory(request& req, const context& ctx) {
  // `GET /api/memory/get?key=` is the second form; a key "get" of the first
  // form comes without a query.
  const auto key = ctx.rest == "get" ? req.query("key") : std::nullopt;
  return recall(ctx, key.value_or(ctx.rest));
}

reply api::put_memory(request& req, const context& ctx) {
  if (json::parse(req.body, nullptr, false).is_discarded())
    return error_reply(400, "the body is not JSON");
  const auto value = json_.member(req.body, "value");
  if (!value)
    return error_reply(400, "value is asked for");
  const bool added = memory_.put(scoped(ctx.user, ctx.rest),
                                 std::string(*value), value->size());
  return json_reply(
      added ? 201 : 200,
      {{"status", added ? "stored" : "updated"}, {"key", ctx.rest}});
}

reply api::delete_memory(request&, const context& ctx) {
  if (!memory_.erase(scoped(ctx.user, ctx.rest)))
    return error_reply(404, fmt::format("no memory of {}", ctx.rest));
  return json_reply(200, {{"status", "deleted"}, {"key", ctx.rest}});
}

reply api::list_resources(request&, const context&) {
  std::string listed;
  resources_.for_each([&](const std::string&, const std::string& resource) {
    listed.append(listed.empty() ? "" : ",").append(resource);
  });
  return {.body = fmt::format(R"({{"resources":[{}]}})", listed)};
}

reply api::get_resource(request&, const context& ctx) {
  const auto* resource = resources_.find(ctx.rest);
  if (!resource)
    return error_reply(404, fmt::format("no resource {}", ctx.rest));
  return {.body = *resource};
}

reply api::post_resource(request& req, const context&) {
  auto given = json::parse(req.body, nullptr, false);
  if (!given.is_object())
    return error_reply(400, "a resource is a JSON object");
  if (given.contains("id") && !text_member(given, "id"))
    return error_reply(400, "a resource's id is a string");
  auto id = text_member(given, "id").value_or("");
  auto text = req.body;
  if (id.empty()) {
    id = fmt::format("resource-{}", ++made_up_);
    given["id"] = id;
    text = given.dump();
  }
  resources_.put(id, text, text.size());
  return {.status = 201, .body = std::move(text)};
}

} // namespace mfo::devserver
