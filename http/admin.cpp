#include "http/admin.hpp"

#include "core/admission.hpp"
#include "core/http_date.hpp"
#include "core/problem.hpp"
#include "http/admin_access.hpp"
#include "http/answer.hpp"
#include "http/framing.hpp"
#include "http/guarded_server.hpp"
#include "http/request_fields.hpp"
#include "telemetry/line_limit.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string_view>
#include <thread>

namespace mfo::http {

namespace {

using nlohmann::json;

/// Bounds of what operators and their tools may ask.
config::limits_settings admin_limits() {
  using namespace std::chrono_literals;
  config::limits_settings limits;
  limits.max_connections = 64;
  limits.max_connections_per_address = 16;
  limits.max_body = 4096;
  limits.max_header = 8 * 1024;
  limits.max_bytes_in_flight = limits.max_connections * limits.max_body;
  limits.header_timeout = 10s;
  limits.body_timeout = 10s;
  limits.idle_timeout = 10s;
  return limits;
}

constexpr telemetry::line_limit few_lines{1, std::chrono::seconds{10}};

/// Pages are made at once.
constexpr std::chrono::seconds longest_answer{1};
constexpr std::string_view json_type{"application/json"};
constexpr std::string_view metrics_type{"text/plain; version=0.0.4"};

constexpr std::array levels{config::log_level::trace, config::log_level::debug,
                            config::log_level::info,  config::log_level::warn,
                            config::log_level::error, config::log_level::off};

struct reply {
  restinio::http_status_line_t status = restinio::status_ok();
  std::string_view media_type = json_type;
  std::string body{};
  std::string_view allow{}; ///< for a 405
  bool challenge = false;   ///< for a 401
};

std::string problem_body(int status, std::string_view detail) {
  return json{{"type", "about:blank"}, {"status", status}, {"detail", detail}}
      .dump();
}

reply problem(restinio::http_status_line_t status, std::string_view detail) {
  const auto code = status.status_code().raw_code();
  return {std::move(status), core::problem_media_type,
          problem_body(code, detail)};
}

/// The whole answer to what is no request that could be looked at.
std::string refuse(core::errc code) {
  const auto& entry = core::describe(code);
  return to_message({.status = entry.status,
                     .media_type = core::problem_media_type,
                     .body = problem_body(entry.status, entry.detail),
                     .close = true},
                    std::chrono::system_clock::now());
}

reply wrong_method(std::string_view allow) {
  auto result = problem(restinio::status_method_not_allowed(),
                        fmt::format("Use one of {}.", allow));
  result.allow = allow;
  return result;
}

class restinio_admin final : public admin {
public:
  explicit restinio_admin(admin_deps deps)
    : deps_(std::move(deps)), access_(deps_.access),
      began_(std::chrono::steady_clock::now()) {
    guard_->limits = admin_limits();
    guard_->tls = deps_.tls;
    guard_->admission = std::make_shared<core::admission>(
        guard_->limits.max_connections, guard_->limits.max_bytes_in_flight);
    guard_->refuse = [](const guard_refusal& refused) {
      return refuse(refused.code);
    };
  }

  ~restinio_admin() override {
    io_.stop();
    if (thread_.joinable())
      thread_.join();
  }

  tl::expected<void, std::string> open(const config::listen_address& address) {
    auto opened =
        guarded_server::open(io_, {address, guard_, longest_answer},
                             [this](const restinio::request_handle_t& request) {
                               return handle(*request);
                             });
    if (!opened)
      return tl::unexpected{std::move(opened.error())};
    server_ = std::move(*opened);
    thread_ = std::thread{[this] {
      io_.run();
    }};
    return {};
  }

  std::uint16_t port() const noexcept override {
    return server_->port();
  }

private:
  restinio::request_handling_status_t handle(restinio::request_t& request) {
    const bool head = request.header().method() == restinio::http_method_head();
    auto value = answer(request);
    // This builder can tell the length of a body that a HEAD does not get.
    auto response = request.create_response<restinio::user_controlled_output_t>(
        value.status);
    response.append_header(
        restinio::http_field::date,
        core::to_http_date(std::chrono::system_clock::now()));
    response.append_header(restinio::http_field::content_type,
                           std::string{value.media_type});
    response.append_header(restinio::http_field::cache_control, "no-store");
    if (!value.allow.empty())
      response.append_header(restinio::http_field::allow,
                             std::string{value.allow});
    if (value.challenge)
      response.append_header(restinio::http_field::www_authenticate, "Bearer");
    response.set_content_length(value.body.size());
    if (!head)
      response.set_body(std::move(value.body));
    return response.done();
  }

  /// Somebody who guesses is to be seen.
  void note_unauthorized(const restinio::request_t& request) {
    deps_.observer.metrics->admin_unauthorized();
    if (lines_.take(std::chrono::steady_clock::now()))
      deps_.observer.log->warn(
          "admin request without a good token",
          {{"peer", request.remote_endpoint().address().to_string()},
           {"target", request.header().request_target()}});
  }

  reply answer(const restinio::request_t& request) {
    const auto target = request.header().request_target();
    const auto path = target_path(target);
    const auto method = request.header().method();
    const bool reads = method == restinio::http_method_get() ||
                       method == restinio::http_method_head();
    const bool open_to_all = path == "/health/live" || path == "/health/ready";
    if (!open_to_all &&
        !access_.allows(only_field(request.header(), "Authorization"))) {
      note_unauthorized(request);
      auto refusal = problem(restinio::status_unauthorized(),
                             "Send Authorization: Bearer and a token.");
      refusal.challenge = true;
      return refusal;
    }
    if (path == "/api/v1/log-level")
      return method == restinio::http_method_put() ? put_level(request)
             : reads                               ? level()
                     : wrong_method("GET, HEAD, PUT");
    const auto page = path == "/health"         ? &restinio_admin::health
                      : path == "/health/live"  ? &restinio_admin::live
                      : path == "/health/ready" ? &restinio_admin::ready
                      : path == "/metrics"      ? &restinio_admin::metrics
                                                : nullptr;
    if (page == nullptr)
      return problem(restinio::status_not_found(),
                     "Known: /health, /health/live, /health/ready, /metrics, "
                     "/api/v1/log-level.");
    if (!reads)
      return wrong_method("GET, HEAD");
    return (this->*page)();
  }

  reply health() {
    const auto phase = deps_.state->phase();
    json checks = json::object();
    bool good = true;
    for (const auto& each : deps_.checks()) {
      good = good && each.ok;
      checks[each.name] = {{"status", each.ok ? "ok" : "failing"},
                           {"detail", each.detail}};
    }
    const bool ready = phase == node_phase::ready;
    const std::chrono::duration<double> up =
        std::chrono::steady_clock::now() - began_;
    const json body{{"status", !ready ? "unavailable"
                               : good ? "ok"
                                      : "degraded"},
                    {"phase", to_string(phase)},
                    {"version", telemetry::version},
                    {"node", deps_.node_name},
                    {"uptime_seconds", static_cast<std::int64_t>(up.count())},
                    {"checks", checks}};
    return {
        ready ? restinio::status_ok() : restinio::status_service_unavailable(),
        json_type, body.dump(-1, ' ', false, json::error_handler_t::replace)};
  }

  reply live() {
    return {restinio::status_ok(), json_type, R"({"status":"ok"})"};
  }

  reply ready() {
    const auto phase = deps_.state->phase();
    return {phase == node_phase::ready ? restinio::status_ok()
                                       : restinio::status_service_unavailable(),
            json_type, json{{"status", to_string(phase)}}.dump()};
  }

  reply metrics() {
    return {restinio::status_ok(), metrics_type,
            deps_.observer.metrics->expose()};
  }

  reply level() {
    return {restinio::status_ok(), json_type,
            json{{"level", telemetry::to_string(deps_.observer.log->level())}}
                .dump()};
  }

  /// Said before and after, so that it is seen where either level lets it be,
  /// also by who looks for when the lines end.
  void change_level(config::log_level to, const restinio::request_t& request) {
    auto& log = *deps_.observer.log;
    const auto from = telemetry::to_string(log.level());
    const auto say = [&,
                      peer = request.remote_endpoint().address().to_string()](
                         std::string_view message) {
      log.info(
          message,
          {{"old", from}, {"new", telemetry::to_string(to)}, {"peer", peer}});
    };
    say("log level changes");
    log.set_level(to);
    say("log level changed");
  }

  reply put_level(const restinio::request_t& request) {
    if (!access_.knows_callers() &&
        !request.remote_endpoint().address().is_loopback())
      return problem(restinio::status_forbidden(),
                     "The level can be changed from this host alone.");
    const auto body = json::parse(request.body(), nullptr, false);
    const auto wanted = body.is_object() ? body.value("level", json{}) : json{};
    for (const auto each : levels)
      if (wanted.is_string() &&
          wanted.get_ref<const std::string&>() == telemetry::to_string(each)) {
        change_level(each, request);
        return level();
      }
    return problem(restinio::status_bad_request(),
                   R"(Send {"level": "trace|debug|info|warn|error|off"}.)");
  }

  admin_deps deps_;
  admin_access access_;
  telemetry::line_limit lines_ = few_lines;
  std::shared_ptr<guard_shared> guard_ =
      std::make_shared<guard_shared>(std::random_device{}());
  std::chrono::steady_clock::time_point began_;
  boost::asio::io_context io_{1};
  std::unique_ptr<guarded_server> server_;
  std::thread thread_;
};

} // namespace

tl::expected<std::unique_ptr<admin>, std::string>
admin::open(const config::listen_address& address, admin_deps deps) {
  auto result = std::make_unique<restinio_admin>(std::move(deps));
  if (auto open = result->open(address); !open)
    return tl::unexpected{std::move(open.error())};
  return result;
}

} // namespace mfo::http
