#include "devserver/api.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vector>

namespace mfo::devserver {

using nlohmann::json;

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
      {"POST", "/oauth/token", &api::give_token, true},
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

api::api(const options& settings, event_log& recorded, event_log& rejected,
         callback_sender& callbacks)
  : settings_(settings), recorded_(recorded), rejected_(rejected),
    callbacks_(callbacks),
    desk_(settings.token, settings.login, settings.token_lifetime) {
  put_resources_and_jobs();
}

reply api::answer(request& req, int forced_status) {
  const bool refused =
      forced_status != 0 && (forced_status < 200 || forced_status > 299);
  auto result = refused ? error_reply(forced_status, "a fault that was set")
                        : dispatch(req, forced_status);
  if (forced_status != 0 && result.status < 300)
    result.status = forced_status;
  if (result.status >= 300)
    reject(req, result.status);
  if (settings_.on_call && req.path() != "/api/events")
    settings_.on_call({req.method, req.path(), req.body, result.status});
  return result;
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
    auto user =
        desk_.user_of(req.headers.find("authorization"), settings_.clock());
    if (!user && !known.open)
      return error_reply(401, "a bearer token is asked for");
    const context ctx{percent_decoded(path.substr(known.path.size())),
                      user.value_or("anonymous"), forced_status};
    put_memory(ctx.user);
    return (this->*known.handle)(req, ctx);
  }
  if (allowed.empty())
    return error_reply(404, fmt::format("there is no {}", path));
  auto refusal = error_reply(405, fmt::format("{} takes {}", path, allowed));
  refusal.headers.emplace_back("Allow", allowed);
  return refusal;
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
