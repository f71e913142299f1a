#include "http/admin/level_routes.hpp"

#include "core/json_grammar.hpp"
#include "http/admin/problem.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace mfo::http {

namespace {

using nlohmann::json;

/// Of the body that says a level.
constexpr std::size_t max_level = 4096;

constexpr std::array levels{config::log_level::trace, config::log_level::debug,
                            config::log_level::info,  config::log_level::warn,
                            config::log_level::error, config::log_level::off};

} // namespace

level_routes::level_routes(std::shared_ptr<telemetry::log> log)
  : log_(std::move(log)) {}

answer level_routes::handle(const admin_request& request) const {
  return request.reads() ? show() : put(request);
}

answer level_routes::show() const {
  return json_answer({{"level", telemetry::to_string(log_->level())}});
}

answer level_routes::put(const admin_request& request) const {
  if (request.body.size() > max_level)
    return problem(413, "A level is no more than 4096 bytes.");
  const auto body = core::repeats_a_name(request.body)
                        ? json{}
                        : json::parse(request.body, nullptr, false);
  const auto wanted = body.is_object() ? body.value("level", json{}) : json{};
  for (const auto each : levels)
    if (wanted.is_string() &&
        wanted.get_ref<const std::string&>() == telemetry::to_string(each)) {
      change(each, request.peer);
      return show();
    }
  return problem(400, R"(Send {"level": "trace|debug|info|warn|error|off"}.)");
}

/// Said before and after, so that it is seen where either level lets it be,
/// also by who looks for when the lines end.
void level_routes::change(config::log_level to, const std::string& peer) const {
  const auto from = telemetry::to_string(log_->level());
  const auto say = [&](std::string_view message) {
    log_->info(
        message,
        {{"old", from}, {"new", telemetry::to_string(to)}, {"peer", peer}});
  };
  say("log level changes");
  log_->set_level(to);
  say("log level changed");
}

} // namespace mfo::http
