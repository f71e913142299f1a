#include "http/admin.hpp"

#include "core/admission.hpp"
#include "http/admin/admin_limits.hpp"
#include "http/admin/browser_guard.hpp"
#include "http/admin/console_page.hpp"
#include "http/admin/event_routes.hpp"
#include "http/admin/health_routes.hpp"
#include "http/admin/letter_routes.hpp"
#include "http/admin/level_routes.hpp"
#include "http/admin/needless.hpp"
#include "http/admin/open_answers.hpp"
#include "http/admin/openapi.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/recording_routes.hpp"
#include "http/admin/reload_routes.hpp"
#include "http/admin/routes.hpp"
#include "http/admin/streams.hpp"
#include "http/admin/task_routes.hpp"
#include "http/admin/view_routes.hpp"
#include "http/admin_access.hpp"
#include "http/framing.hpp"
#include "http/moving_server.hpp"
#include "http/request_fields.hpp"
#include "http/restinio_answer.hpp"
#include "http/restinio_stream.hpp"
#include "telemetry/line_limit.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

using nlohmann::json;

constexpr telemetry::line_limit few_lines{1, std::chrono::seconds{10}};

/// Pages are made at once, but for somebody who waits for a run.
constexpr auto longest_answer =
    manual_starts::longest_wait + manual_starts::begin_time;

/// To send what is owed when the listener ends: somebody may not read it.
constexpr std::chrono::seconds longest_end{1};

/// A method that the parser does not know is none that a path takes.
answer refuse_method(std::string_view path) {
  const auto at = find_admin_route(path);
  return at ? wrong_method(at->route->methods)
            : problem(404, "There is no such path.");
}

/// The whole answer to what is no request that could be looked at.
std::string refuse(const guard_refusal& refused) {
  const auto& entry = core::describe(refused.code);
  auto value = refused.code == core::errc::method_not_allowed
                   ? refuse_method(refused.path)
                   : problem(entry.status, entry.detail);
  value.close = true;
  return to_message(std::move(value), std::chrono::system_clock::now());
}

/// Nothing may, unless the answer says so.
bool may_be_stored(const answer& value) {
  return std::ranges::any_of(value.fields, [](const auto& field) {
    return field.first == "Cache-Control";
  });
}

class restinio_admin final : public admin {
public:
  restinio_admin(admin_deps deps, const std::string& listen_host)
    : deps_(std::move(deps)),
      access_(deps_.access), pages_{listen_host, access_.knows_callers()},
      health_({.state = deps_.state,
               .metrics = deps_.observer.metrics,
               .node_name = deps_.node_name,
               .instance = deps_.instance,
               .checks = deps_.checks,
               .dependencies = deps_.dependencies,
               .sources = deps_.sources}),
      level_(deps_.observer.log), view_(deps_.view),
      tasks_(io_, deps_.tasks, deps_.observer.log), reload_(io_, deps_.reload),
      recordings_(io_, deps_.recording, deps_.observer.log),
      events_(deps_.events, deps_.tasks.runs),
      letters_(io_, deps_.letters, deps_.observer.log, {}),
      streams_(io_, {.overview = deps_.view.overview,
                     .events = deps_.events.book,
                     .runs = deps_.tasks.runs,
                     .cut_off = [metrics = deps_.observer.metrics] {
                       metrics->admin_stream_cut_off();
                     }}) {
    guard_->limits = admin_limits();
    guard_->tls = deps_.tls;
    guard_->admission = std::make_shared<core::admission>(
        guard_->limits.max_connections, guard_->limits.max_bytes_in_flight);
    guard_->refuse = [](const guard_refusal& refused) {
      return refuse(refused);
    };
  }

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~restinio_admin() override {
    if (!thread_.joinable())
      return;
    boost::asio::post(io_, [this] {
      streams_.end_all();
      open_.when_sent(longest_end, [this] { io_.stop(); });
    });
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
      // Who has them may no more be one who may.
      streams_.end_all();
    });
  }

private:
  restinio::request_handling_status_t
  handle(const restinio::request_handle_t& request) {
    const auto send = [request, open = open_.open()](answer value) {
      if (!may_be_stored(value))
        value.fields.emplace_back("Cache-Control", "no-store");
      send_answer(*request, std::move(value), open);
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
  std::optional<answer> answer_to(restinio::request_t& request,
                                  const manual_starts::send_function& later) {
    const auto seen = look_at(request);
    const auto at = find_admin_route(seen.path);
    if ((!at || !at->route->open_to_all) &&
        !access_.allows(only_field(request.header(), "Authorization"))) {
      note_unauthorized(request);
      auto refusal = problem(401, "Send Authorization: Bearer and a token.");
      refusal.fields.emplace_back("WWW-Authenticate", "Bearer");
      return refusal;
    }
    if (!at)
      return problem(404, known_paths());
    if (!is_there(at->route->what))
      return problem(404, why_absent(at->route->what));
    const auto& route = *at->route;
    if (!route.open_to_pages)
      if (auto refusal = refuse_page(seen, pages_))
        return refusal;
    if (!takes(route, seen.method))
      return wrong_method(route.methods);
    if (!seen.reads() && !may_change(request))
      return problem(403, "This can be asked from this host alone.");
    if (auto refusal = refuse_needless(seen, route.what))
      return refusal;
    if (route.what == admin_path::stream)
      return streams_.begin(seen.peer, [this, &request] {
        return open_stream(request, "text/event-stream");
      });
    if (route.what == admin_path::record)
      return recordings_.handle(seen, at->values.front(), [this, &request] {
        return open_stream(request, "application/json");
      });
    return answer_at(*at, seen, later);
  }

  std::unique_ptr<stream_output> open_stream(restinio::request_t& request,
                                             std::string_view media_type) {
    return std::make_unique<restinio_stream>(
        request,
        answer{.status = 200,
               .media_type = media_type,
               .fields = {{"Cache-Control", "no-store"}}},
        open_.open());
  }

  std::optional<answer> answer_at(const admin_target& at,
                                  const admin_request& seen,
                                  const manual_starts::send_function& later) {
    switch (at.route->what) {
    case admin_path::console:
      return console_file(console_index, seen);
    case admin_path::console_file:
      return console_file(at.values.front(), seen);
    case admin_path::health:
    case admin_path::live:
    case admin_path::ready:
    case admin_path::metrics:
      return health_.handle(at);
    case admin_path::openapi:
      return answer{.status = 200, .body = std::string{openapi_document}};
    case admin_path::log_level:
      return level_.handle(seen);
    case admin_path::overview:
    case admin_path::history:
    case admin_path::config:
    case admin_path::taskflows:
      return view_.handle(seen, at);
    case admin_path::reload:
      return reload_.handle(seen, later);
    case admin_path::endpoints:
    case admin_path::events:
    case admin_path::event:
      return events_.handle(seen, at);
    case admin_path::letters:
    case admin_path::replay_letters:
      return letters_.handle(seen, at, later);
    case admin_path::cluster:
      return json_answer(json::parse(deps_.cluster.table()));
    case admin_path::drain_node:
      return drain(at.values.front());
    case admin_path::stream: // begun before, as the next one
    case admin_path::record:
    case admin_path::runs:
    case admin_path::run:
    case admin_path::cancel_run:
    case admin_path::start_run:
    case admin_path::questions:
    case admin_path::answer_question:
      break;
    }
    return tasks_.handle(seen, at, later);
  }

  /// Whether this node has what the path is for.
  [[nodiscard]] bool is_there(admin_path what) const {
    switch (what) {
    case admin_path::console:
    case admin_path::console_file:
      return find_file(console_files(), console_index) != nullptr;
    case admin_path::overview:
    case admin_path::stream:
    case admin_path::history:
    case admin_path::config:
    case admin_path::taskflows:
      return deps_.view.history != nullptr;
    case admin_path::reload:
      return deps_.reload.ask != nullptr;
    case admin_path::record:
      return deps_.recording.by != nullptr;
    case admin_path::endpoints:
    case admin_path::events:
    case admin_path::event:
      return deps_.events.book != nullptr;
    case admin_path::letters:
    case admin_path::replay_letters:
      return deps_.letters.list != nullptr;
    case admin_path::runs:
    case admin_path::run:
    case admin_path::cancel_run:
    case admin_path::start_run:
    case admin_path::questions:
    case admin_path::answer_question:
      return deps_.tasks.runs != nullptr;
    case admin_path::cluster:
    case admin_path::drain_node:
      return deps_.cluster.table != nullptr;
    default:
      return true;
    }
  }

  [[nodiscard]] std::string known_paths() const {
    std::vector<std::string_view> known;
    for (const auto& each : admin_routes())
      if (is_there(each.what))
        known.push_back(each.path);
    return fmt::format("Known: {}.", fmt::join(known, ", "));
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
            .if_none_match = field(header, "If-None-Match"),
            .peer = request.remote_endpoint().address().to_string()};
  }

  static answer console_file(std::string_view name, const admin_request& seen) {
    const auto* file = find_file(console_files(), name);
    return file != nullptr ? show_file(*file, seen)
                           : problem(404, "The console has no such file.");
  }

  [[nodiscard]] answer drain(const std::string& node) const {
    if (!deps_.cluster.drain(node))
      return problem(404, "There is no such member, or no link to it.");
    return json_answer({{"node", node}, {"draining", true}}, 202);
  }

  /// Who may do more than look.
  [[nodiscard]] bool may_change(const restinio::request_t& request) const {
    return access_.knows_callers() ||
           request.remote_endpoint().address().is_loopback();
  }

  admin_deps deps_;
  admin_access access_;
  browser_rules pages_;
  boost::asio::io_context io_{1};
  open_answers open_{io_};
  health_routes health_;
  level_routes level_;
  view_routes view_;
  task_routes tasks_;
  reload_routes reload_;
  recording_routes recordings_;
  event_routes events_;
  letter_routes letters_;
  streams streams_;
  telemetry::line_limit lines_ = few_lines;
  std::shared_ptr<guard_shared> guard_ =
      std::make_shared<guard_shared>(std::random_device{}());
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
