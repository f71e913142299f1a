#include "node/api_session.hpp"

#include "node/actor_question.hpp"
#include "node/quiet_actors.hpp"
#include "node/server_link.hpp"

#include "actors/mfo_connector.hpp"
#include "core/event_id.hpp"
#include "core/trace_context.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/all.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

/// Beyond the call's deadline: for the connector to say so itself.
constexpr milliseconds grace{1'000};

telemetry::observer observe(const config::server_settings& server,
                            bool verbose) {
  const config::log_settings how{.level = verbose ? config::log_level::debug
                                                  : config::log_level::off,
                                 .format = config::log_format::text};
  const auto to_stderr = [](std::string_view line) {
    std::cerr << line << '\n';
  };
  return {std::make_shared<telemetry::metrics>(std::vector<std::string>{},
                                               upstream_names({server})),
          std::make_shared<telemetry::log>(how, to_stderr)};
}

class connector_session final : public api_session {
public:
  connector_session(config::server_settings server, bool verbose)
    : server_(std::move(server)), observer_(observe(server_, verbose)),
      system_(config_) {}

  connector_session(const connector_session&) = delete;
  connector_session& operator=(const connector_session&) = delete;

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~connector_session() override {
    if (link_)
      link_->close();
    if (connector_)
      caf::anon_send_exit(connector_, caf::exit_reason::user_shutdown);
    connector_ = actors::mfo_connector_actor{};
    system_.await_all_actors_done();
    work_.reset();
    if (io_thread_.joinable())
      io_thread_.join();
  }

  /// The error is one line.
  tl::expected<void, std::string> start() {
    auto links = link_servers(io_, {server_}, {}, observer_, make_client);
    if (!links)
      return tl::unexpected{std::move(links.error())};
    link_ = links->front();
    connector_ = system_.spawn(actors::mfo_connector, link_->deps);
    io_thread_ = std::thread{[this] {
      io_.run();
    }};
    return {};
  }

  const config::server_settings& server() const noexcept override {
    return server_;
  }

  actors::api_result
  call(api::call what, milliseconds longest, identity who,
       std::function<void(std::string_view)> on_data) override {
    auto request = std::make_shared<actors::api_request>();
    request->call = std::move(what);
    request->id = who.id.empty() ? new_id() : std::move(who.id);
    request->traceparent =
        who.traceparent.empty()
            ? core::make_traceparent({}, random_(), random_(), random_())
            : std::move(who.traceparent);
    request->tracestate =
        core::tracestate_of(request->traceparent, who.tracestate);
    request->deadline = std::chrono::steady_clock::now() + longest;
    request->on_data = std::move(on_data);
    const auto answer =
        question_.ask(system_, connector_, longest + grace,
                      actors::api_request_ptr{std::move(request)});
    if (answer)
      return **answer;
    return {core::refused(core::errc::upstream_timeout, answer.error()), {}};
  }

  void abandon() override {
    question_.abandon();
  }

private:
  std::string new_id() {
    const auto now = std::chrono::duration_cast<milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    const auto high = random_();
    return core::uuid_v7(now, high, random_());
  }

  config::server_settings server_;
  telemetry::observer observer_;
  std::mt19937_64 random_{std::random_device{}()};
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_.get_executor()};
  std::thread io_thread_;
  quiet_actors config_;
  caf::actor_system system_;
  std::optional<server_link> link_;
  actors::mfo_connector_actor connector_;
  actor_question<actors::api_result_ptr> question_;
};

tl::expected<config::server_settings, command_failure>
find_server(const config::settings& settings, std::string name) {
  const auto& all = settings.servers;
  if (name.empty())
    name = all.size() == 1 ? all.front().name : "default";
  const auto found =
      std::ranges::find(all, name, &config::server_settings::name);
  if (found != all.end())
    return *found;
  std::vector<std::string_view> names;
  for (const auto& each : all)
    names.emplace_back(each.name);
  return failure(exit_status::usage,
                 fmt::format("there is no server {}; --server takes one of: {}",
                             name, fmt::join(names, ", ")));
}

} // namespace

tl::expected<std::unique_ptr<api_session>, command_failure>
api_session::open(const config::settings& settings, const options& how) {
  auto server = find_server(settings, how.server);
  if (!server)
    return tl::unexpected{std::move(server.error())};
  auto session =
      std::make_unique<connector_session>(*std::move(server), how.verbose);
  if (auto started = session->start(); !started)
    return failure(exit_status::cannot_start, started.error());
  return session;
}

} // namespace mfo::node
