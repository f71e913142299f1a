#include "http/admin.hpp"

#include "core/admission.hpp"
#include "http/admin/browser_guard.hpp"
#include "http/admin/dependency_json.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/reload_routes.hpp"
#include "http/admin/task_routes.hpp"
#include "http/admin_access.hpp"
#include "http/framing.hpp"
#include "http/moving_server.hpp"
#include "http/request_fields.hpp"
#include "http/restinio_answer.hpp"
#include "telemetry/line_limit.hpp"
#include "telemetry/version.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
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
  limits.max_body = task_routes::max_body;
  limits.max_header = 8 * 1024;
  limits.max_bytes_in_flight = 8 * limits.max_body;
  limits.header_timeout = 10s;
  limits.body_timeout = 10s;
  limits.idle_timeout = 10s;
  return limits;
}

constexpr telemetry::line_limit few_lines{1, std::chrono::seconds{10}};

/// Pages are made at once, but for somebody who waits for a run.
constexpr auto longest_answer =
    manual_starts::longest_wait + manual_starts::begin_time;
/// Of the body that says a level.
constexpr std::size_t max_level = 4096;
constexpr std::string_view cluster_path{"/cluster"};
constexpr std::string_view drain_path{"/drain"};
constexpr std::string_view metrics_type{"text/plain; version=0.0.4"};

constexpr std::array levels{config::log_level::trace, config::log_level::debug,
                            config::log_level::info,  config::log_level::warn,
                            config::log_level::error, config::log_level::off};

/// The whole answer to what is no request that could be looked at.
std::string refuse(core::errc code) {
  const auto& entry = core::describe(code);
  auto value = problem(entry.status, entry.detail);
  value.close = true;
  return to_message(value, std::chrono::system_clock::now());
}

class restinio_admin final : public admin {
public:
  restinio_admin(admin_deps deps, const std::string& listen_host)
    : deps_(std::move(deps)),
      access_(deps_.access), pages_{listen_host, access_.knows_callers()},
      tasks_(io_, deps_.tasks, deps_.observer.log), reload_(io_, deps_.reload),
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
    if (auto opened = server_.open(address); !opened)
      return opened;
    thread_ = std::thread{[this] {
      io_.run();
    }};
    return {};
  }

  std::uint16_t port() const noexcept override {
    return server_.port();
  }

  template <class Task>
  auto on_its_thread(Task task) {
    return boost::asio::post(io_, boost::asio::use_future(std::move(task)))
        .get();
  }

  tl::expected<void, std::string>
  bind(const config::listen_address& address) override {
    return on_its_thread([&] { return server_.bind(address); });
  }

  void unbind() override {
    on_its_thread([&] { server_.unbind(); });
  }

  void adopt(const config::listen_address& address,
             const config::admin_settings& access,
             std::shared_ptr<listener_tls> tls) override {
    on_its_thread([&] {
      access_ = admin_access{access};
      pages_ = {address.host, access_.knows_callers()};
      guard_->tls = std::move(tls);
      server_.move();
    });
  }

private:
  restinio::request_handling_status_t
  handle(const restinio::request_handle_t& request) {
    const auto send = [request](answer value) {
      value.fields.emplace_back("Cache-Control", "no-store");
      send_answer(*request, std::move(value));
    };
    if (auto value = answer_to(*request, send))
      send(*std::move(value));
    return restinio::request_accepted();
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

  /// Nothing: it comes later.
  std::optional<answer> answer_to(const restinio::request_t& request,
                                  manual_starts::send_function later) {
    const auto seen = look_at(request);
    const auto path = seen.path;
    const bool open_to_all = path == "/health/live" || path == "/health/ready";
    if (!open_to_all &&
        !access_.allows(only_field(request.header(), "Authorization"))) {
      note_unauthorized(request);
      auto refusal = problem(401, "Send Authorization: Bearer and a token.");
      refusal.fields.emplace_back("WWW-Authenticate", "Bearer");
      return refusal;
    }
    if (tasks_.covers(path))
      return answer_tasks(seen, request, std::move(later));
    if (deps_.cluster.table && path.starts_with("/cluster"))
      return answer_cluster(seen, request);
    if (deps_.reload.ask && path == "/api/v1/reload")
      return answer_reload(seen, request, later);
    if (path == "/api/v1/log-level")
      return seen.method == "PUT" ? put_level(seen, request)
             : seen.reads()       ? level()
                                  : wrong_method("GET, HEAD, PUT");
    const auto page = path == "/health"         ? &restinio_admin::health
                      : path == "/health/live"  ? &restinio_admin::live
                      : path == "/health/ready" ? &restinio_admin::ready
                      : path == "/metrics"      ? &restinio_admin::metrics
                                                : nullptr;
    if (page == nullptr)
      return problem(
          404,
          "Known: /health, /health/live, /health/ready, /metrics, "
          "/api/v1/log-level, /api/v1/reload; with taskflows /runs, /runs/ID, "
          "/runs/ID/cancel, /taskflows/WORKFLOW/TASKFLOW/runs, "
          "/questions, /questions/ID/answer; in a cluster /cluster, "
          "/cluster/NODE/drain.");
    if (!seen.reads())
      return wrong_method("GET, HEAD");
    return (this->*page)();
  }

  static admin_request look_at(const restinio::request_t& request) {
    const auto& header = request.header();
    const auto& target = header.request_target(); // views stay in it
    const auto query = std::min(target.find('?'), target.size() - 1) + 1;
    return {.method = header.method().c_str(),
            .path = target_path(target),
            .query = {target.data() + query, target.size() - query},
            .body = request.body(),
            .content_type = field(header, "Content-Type"),
            .host = only_field(header, "Host"),
            .origin = field(header, "Origin"),
            .peer = request.remote_endpoint().address().to_string()};
  }

  std::optional<answer> answer_tasks(const admin_request& seen,
                                     const restinio::request_t& request,
                                     manual_starts::send_function later) {
    if (auto refusal = refuse_page(seen, pages_))
      return refusal;
    if (!seen.reads() && !may_change(request))
      return problem(403, "This can be asked from this host alone.");
    return tasks_.handle(seen, std::move(later));
  }

  std::optional<answer>
  answer_reload(const admin_request& seen, const restinio::request_t& request,
                const manual_starts::send_function& later) {
    if (auto refusal = refuse_page(seen, pages_))
      return refusal;
    if (!seen.reads() && !may_change(request))
      return problem(403, "This can be asked from this host alone.");
    return reload_.handle(seen, later);
  }

  answer answer_cluster(const admin_request& seen,
                        const restinio::request_t& request) const {
    if (auto refusal = refuse_page(seen, pages_))
      return *std::move(refusal);
    if (seen.path == cluster_path)
      return seen.reads() ? json_answer(json::parse(deps_.cluster.table()))
                          : wrong_method("GET, HEAD");
    auto node = seen.path.substr(cluster_path.size());
    if (!node.starts_with('/') || !node.ends_with(drain_path))
      return problem(404, "Known: /cluster, /cluster/NODE/drain.");
    node.remove_prefix(1);
    node.remove_suffix(std::min(node.size(), drain_path.size()));
    if (seen.method != "POST")
      return wrong_method("POST");
    if (!may_change(request))
      return problem(403, "This can be asked from this host alone.");
    if (!deps_.cluster.drain(std::string{node}))
      return problem(404, "There is no such member, or no link to it.");
    return json_answer({{"node", node}, {"draining", true}}, 202);
  }

  /// Who may do more than look.
  [[nodiscard]] bool may_change(const restinio::request_t& request) const {
    return access_.knows_callers() ||
           request.remote_endpoint().address().is_loopback();
  }

  answer health() {
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
    json body{{"status", !ready ? "unavailable"
                         : good ? "ok"
                                : "degraded"},
              {"phase", to_string(phase)},
              {"version", telemetry::version},
              {"node", deps_.node_name},
              {"instance", deps_.instance},
              {"uptime_seconds", static_cast<std::int64_t>(up.count())},
              {"checks", checks}};
    const moment now{std::chrono::steady_clock::now(),
                     std::chrono::system_clock::now()};
    if (deps_.dependencies)
      body["dependencies"] = to_json(deps_.dependencies(), now);
    if (deps_.sources)
      body["sources"] = to_json(deps_.sources(), now);
    return json_answer(body, ready ? 200 : 503);
  }

  answer live() {
    return json_answer({{"status", "ok"}});
  }

  answer ready() {
    const auto phase = deps_.state->phase();
    return json_answer({{"status", to_string(phase)}},
                       phase == node_phase::ready ? 200 : 503);
  }

  answer metrics() {
    return {.status = 200,
            .media_type = metrics_type,
            .body = deps_.observer.metrics->expose()};
  }

  answer level() {
    return json_answer(
        {{"level", telemetry::to_string(deps_.observer.log->level())}});
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

  answer put_level(const admin_request& seen,
                   const restinio::request_t& request) {
    if (!may_change(request))
      return problem(403, "The level can be changed from this host alone.");
    if (seen.body.size() > max_level)
      return problem(413, "A level is no more than 4096 bytes.");
    const auto body = json::parse(seen.body, nullptr, false);
    const auto wanted = body.is_object() ? body.value("level", json{}) : json{};
    for (const auto each : levels)
      if (wanted.is_string() &&
          wanted.get_ref<const std::string&>() == telemetry::to_string(each)) {
        change_level(each, request);
        return level();
      }
    return problem(400,
                   R"(Send {"level": "trace|debug|info|warn|error|off"}.)");
  }

  admin_deps deps_;
  admin_access access_;
  browser_rules pages_;
  boost::asio::io_context io_{1};
  task_routes tasks_;
  reload_routes reload_;
  telemetry::line_limit lines_ = few_lines;
  std::shared_ptr<guard_shared> guard_ =
      std::make_shared<guard_shared>(std::random_device{}());
  std::chrono::steady_clock::time_point began_;
  moving_server server_{io_, guard_, longest_answer,
                        [this](const restinio::request_handle_t& request) {
                          return handle(request);
                        }};
  std::thread thread_;
};

} // namespace

tl::expected<std::unique_ptr<admin>, std::string>
admin::open(const config::listen_address& address, admin_deps deps) {
  auto result = std::make_unique<restinio_admin>(std::move(deps), address.host);
  if (auto open = result->open(address); !open)
    return tl::unexpected{std::move(open.error())};
  return result;
}

} // namespace mfo::http
