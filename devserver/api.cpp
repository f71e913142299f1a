#include "devserver/api.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace mfo::devserver {

namespace {

using nlohmann::json;

bool is_event(const request& req) noexcept {
  return req.method == "POST" && req.path() == "/api/events";
}

} // namespace

struct api::route {
  std::string_view method;
  std::string_view path; ///< one that ends with "/" takes what follows as well
  handler handle;
  bool open = false; ///< to those without a token

  [[nodiscard]] bool matches(std::string_view target) const noexcept {
    return path.ends_with('/')
               ? target.size() > path.size() && target.starts_with(path)
               : target == path;
  }
};

const std::vector<api::route>& api::routes() {
  // Of the routes that match, the first with the method is taken.
  static const std::vector<route> all = {
      {"POST", "/api/events", &api::post_event},
      {"POST", "/api/login", &api::log_in, true},
      {"POST", "/auth/login", &api::log_in, true},
      {"GET", "/info", &api::get_info, true},
      {"POST", "/api/chat", &api::chat},
      {"POST", "/api/chat/stream", &api::chat_stream},
      {"GET", "/api/chat/", &api::chat_history},
      {"GET", "/api/tools", &api::list_tools},
      {"POST", "/api/tools/", &api::call_tool},
      {"GET", "/api/jobs/status/", &api::job_status},
      {"POST", "/api/notifications/subscribe", &api::subscribe},
      {"GET", "/api/memory", &api::list_memory},
      {"POST", "/api/memory", &api::post_memory},
      {"POST", "/api/memory/set", &api::post_memory},
      {"GET", "/api/memory/", &api::get_memory},
      {"PUT", "/api/memory/", &api::put_memory},
      {"DELETE", "/api/memory/", &api::delete_memory},
      {"GET", "/api/resources", &api::list_resources},
      {"POST", "/api/resources", &api::post_resource},
      {"GET", "/api/resources/", &api::get_resource},
  };
  return all;
}

api::api(const options& settings, event_log& recorded, event_log& rejected)
  : settings_(settings), recorded_(recorded), rejected_(rejected),
    desk_(settings.token, settings.login) {}

reply api::answer(request& req, int forced_status) {
  const bool event = is_event(req);
  const bool refused =
      forced_status != 0 && (forced_status < 200 || forced_status > 299);
  auto result = refused ? error_reply(forced_status, "a fault that was set")
                        : dispatch(req, forced_status);
  if (forced_status != 0 && result.status < 300)
    result.status = forced_status;
  if (event && result.status >= 300)
    reject(req, result.status);
  return result;
}

void api::reject(request& req, int status) {
  if (!is_event(req))
    return;
  auto summary = json_.inspect(req.body).value_or(event_summary{});
  const auto id = event_id(req, std::move(summary.id));
  notify(id, summary.type, req.body.size(), status);
  rejected_.append({std::chrono::system_clock::now(),
                    id,
                    std::move(req.headers),
                    {},
                    status});
}

reply api::dispatch(request& req, int forced_status) {
  const auto path = req.path();
  std::string allowed;
  for (const auto& known : routes()) {
    if (!known.matches(path))
      continue;
    if (known.method != req.method) {
      allowed.append(allowed.empty() ? "" : ", ").append(known.method);
      continue;
    }
    auto user = desk_.user_of(req.headers.find("authorization"));
    if (!user && !known.open)
      return error_reply(401, "a bearer token is asked for");
    const context ctx{percent_decoded(path.substr(known.path.size())),
                      user.value_or("anonymous"), forced_status};
    return (this->*known.handle)(req, ctx);
  }
  if (allowed.empty())
    return error_reply(404, fmt::format("there is no {}", path));
  auto refusal = error_reply(405, fmt::format("{} takes {}", path, allowed));
  refusal.headers.emplace_back("Allow", allowed);
  return refusal;
}

std::string api::event_id(const request& req, std::string&& id_member) {
  if (!id_member.empty())
    return std::move(id_member);
  if (const auto key = req.headers.find("idempotency-key"); !key.empty())
    return std::string(key);
  return fmt::format("event-{}", ++made_up_);
}

void api::notify(std::string_view id, std::string_view type, std::size_t size,
                 int status) const {
  if (settings_.on_event)
    settings_.on_event({id, type, size, status});
}

reply api::post_event(request& req, const context& ctx) {
  auto summary = json_.inspect(req.body);
  if (!summary)
    return error_reply(400, "the body is not JSON");
  const int status = ctx.forced_status != 0 ? ctx.forced_status : 202;
  auto id = event_id(req, std::move(summary->id));
  notify(id, summary->type, req.body.size(), status);
  reply accepted{
      .status = status,
      .body = fmt::format(R"({{"id":{},"status":"accepted"}})", json_text(id))};
  recorded_.append({std::chrono::system_clock::now(), std::move(id),
                    std::move(req.headers), std::move(req.body), status});
  return accepted;
}

reply api::log_in(request& req, const context&) {
  const auto body = json::parse(req.body, nullptr, false);
  const auto text = [&](const char* name) -> std::optional<std::string> {
    if (!body.is_object() || !body.contains(name) || !body[name].is_string())
      return std::nullopt;
    return body[name].get<std::string>();
  };
  const auto username = text("username");
  const auto password = text("password");
  if (!username || !password)
    return error_reply(400, "username and password are asked for");
  if (!desk_.may_log_in(*username, *password))
    return error_reply(401, "wrong username or password");
  return json_reply(
      200,
      {{"token", desk_.issue(*username, std::chrono::system_clock::now())}});
}

reply api::get_info(request&, const context&) {
  auto endpoints = json::array();
  for (const auto& known : routes())
    endpoints.push_back(fmt::format("{} {}", known.method, known.path));
  return json_reply(200, {{"name", "mfo-dev-server"},
                          {"version", MFO_VERSION},
                          {"endpoints", endpoints},
                          {"capabilities",
                           {"events", "chat", "tools", "memory", "jobs",
                            "notifications", "resources"}}});
}

} // namespace mfo::devserver
