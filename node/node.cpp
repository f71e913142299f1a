#include "node/node.hpp"

#include "node/assembly.hpp"
#include "node/letter_round.hpp"
#include "node/risks.hpp"
#include "node/server_link.hpp"
#include "node/signals.hpp"
#include "node/status.hpp"
#include "node/stop_reason.hpp"
#include "node/taskflows.hpp"
#include "node/tls_listeners.hpp"
#include "node/watchdog.hpp"

#include "actors/supervisor.hpp"
#include "config/address.hpp"
#include "core/admission.hpp"
#include "core/delivery_window.hpp"
#include "http/admin.hpp"
#include "http/listener.hpp"
#include "http/node_state.hpp"
#include "telemetry/observer.hpp"
#include "telemetry/version.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <caf/all.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

/// Room for what comes after the drain: handing back connections, the actors.
constexpr std::chrono::seconds stop_time{5};
/// For the actors to be there, on however busy a machine.
constexpr std::chrono::seconds start_time{10};
/// Of that, for what is left on the I/O thread.
constexpr std::chrono::seconds io_stop_time{1};
/// Of that, for the last dead letters.
constexpr std::chrono::seconds letter_time{3};
constexpr milliseconds drain_poll{10};
/// How often files that may be replaced are looked at.
constexpr std::chrono::seconds file_period{10};

struct actor_config : caf::actor_system_config {
  explicit actor_config(unsigned workers) {
    set("scheduler.max-threads", std::size_t{workers});
  }
};

class node_impl final : public node {
public:
  node_impl(const config::settings& settings,
            std::vector<taskflow::workflow_ptr> workflows)
    : settings_(settings), workflows_(std::move(workflows)),
      observer_{std::make_shared<telemetry::metrics>(
                    endpoint_ids(settings), upstream_names(settings.servers)),
                std::make_shared<telemetry::log>(settings.log),
                std::make_shared<telemetry::refusal_lines>(
                    settings.log.refusals_per_second)},
      system_config_(settings.workers), system_(system_config_) {}

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~node_impl() override {
    stop_everything();
  }

  std::optional<std::string> start(const client_factory& make);

  std::uint16_t port() const noexcept override {
    return listener_->port();
  }

  std::uint16_t admin_port() const noexcept override {
    return admin_->port();
  }

  exit_status run() override;

private:
  [[nodiscard]] core::event_origin new_origin() const;
  [[nodiscard]] std::function<void(http::exchange_ptr)> admit() const;
  std::optional<std::string> open_taskflows();
  std::optional<std::string> start_actors();
  std::optional<std::string> start_listener();
  std::optional<std::string> start_admin();
  status_parts status() const {
    return {settings_,
            *admission_,
            servers_,
            office_.get(),
            *observer_.log,
            *listener_,
            taskflows_->report(),
            taskflows_->caller()};
  }

  void reload() const;
  [[nodiscard]] bool drain();
  void stop_everything();

  config::settings settings_;
  std::vector<taskflow::workflow_ptr> workflows_;
  telemetry::observer observer_;
  std::shared_ptr<http::node_state> state_ =
      std::make_shared<http::node_state>();
  std::shared_ptr<core::admission> admission_;
  std::shared_ptr<core::delivery_window> deliveries_;
  std::shared_ptr<stop_reason> stop_ = std::make_shared<stop_reason>();

  // Outlives all that runs on it, as its destructor ends what is left.
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_.get_executor()};
  signals signals_{io_, stop_};
  std::thread io_thread_;

  actor_config system_config_;
  caf::actor_system system_;
  std::shared_ptr<actors::intake_handle> intake_ =
      std::make_shared<actors::intake_handle>();
  actors::supervisor_actor supervisor_;
  std::vector<server_link> servers_;
  std::shared_ptr<actors::letter_office> office_; ///< null: no sinks
  std::optional<letter_round> letter_round_;      ///< with an office
  std::unique_ptr<taskflows> taskflows_;
  tls_listeners tls_;
  std::unique_ptr<http::listener> listener_;
  std::unique_ptr<http::admin> admin_;
};

std::optional<std::string> node_impl::start(const client_factory& make) {
  admission_ = std::make_shared<core::admission>(
      settings_.limits.max_in_flight, settings_.limits.max_bytes_in_flight);
  deliveries_ =
      std::make_shared<core::delivery_window>(core::delivery_window::bounds{
          settings_.dedup.max_ids, settings_.dedup.window});
  auto servers = link_servers(io_, settings_.servers, settings_.notifications,
                              observer_, make);
  if (!servers)
    return servers.error();
  servers_ = *std::move(servers);
  auto tls = tls_listeners::open(settings_, observer_);
  if (!tls)
    return tls.error();
  tls_ = *std::move(tls);
  auto office = open_letter_office(settings_, observer_);
  if (!office)
    return office.error();
  office_ = *std::move(office);
  if (auto error = open_taskflows())
    return error;
  if (auto error = start_actors())
    return error;
  if (auto error = start_listener())
    return error;
  if (auto error = start_admin())
    return error;
  observer_.metrics->poll([this] { return gauges(status()); });
  signals_.await();
  if (office_)
    letter_round_.emplace(io_, office_);
  taskflows_->begin();
  io_thread_ = std::thread{[this] {
    io_.run();
  }};
  state_->advance(http::node_phase::ready);
  const auto at = [](config::listen_address address, std::uint16_t port) {
    address.port = port;
    return config::format_listen_address(address);
  };
  observer_.log->info("node ready",
                      {{"version", telemetry::version},
                       {"node", settings_.node_name},
                       {"listen", at(settings_.listen, listener_->port())},
                       {"admin", at(settings_.admin_listen, admin_->port())},
                       {"servers", settings_.servers.size()}});
  warn_of_risks(settings_, *observer_.log);
  caf::anon_send(supervisor_, actors::open_atom::value);
  return std::nullopt;
}

core::event_origin node_impl::new_origin() const {
  return {.node_name = settings_.node_name,
          .depths = observer_.metrics->depths(),
          .random = std::mt19937_64{std::random_device{}()}};
}

std::function<void(http::exchange_ptr)> node_impl::admit() const {
  return [intake = intake_](http::exchange_ptr exchange) {
    if (const auto target = intake->get())
      caf::anon_send(target, std::move(exchange));
    else
      exchange->finish(core::refused(core::errc::stage_unavailable));
  };
}

std::optional<std::string> node_impl::open_taskflows() {
  auto opened = taskflows::open(
      io_, {.settings = settings_,
            .workflows = workflows_,
            .observer = observer_,
            .source = {.state = state_,
                       .room = admission_,
                       .origin = new_origin(),
                       .services = {observer_, office_, deliveries_},
                       .admit = admit()},
            .cancel = [this](const std::string& run) {
              caf::anon_send(supervisor_, actors::cancel_atom::value, run);
            }});
  if (!opened)
    return "http_call.ca_file: " + opened.error();
  taskflows_ = *std::move(opened);
  return std::nullopt;
}

std::optional<std::string> node_impl::start_actors() {
  auto deps = std::make_shared<actors::supervisor_deps>();
  deps->validator = std::make_shared<const actors::validator_deps>(
      actors::validator_deps{.endpoints = settings_.endpoints,
                             .limits = settings_.limits,
                             .deliveries = deliveries_,
                             .unix_now = unix_now});
  for (const auto& each : servers_)
    deps->connectors.push_back(each.deps);
  deps->task_runner = taskflows_->runner_deps();
  deps->workflows = workflows_;
  deps->intake = intake_;
  deps->observer = observer_;
  deps->escalate = [stop = stop_, state = state_](std::string_view stage) {
    state->advance(http::node_phase::failed);
    stop->give({fmt::format("{} failed too often", stage), true});
  };
  supervisor_ = system_.spawn(
      actors::supervisor, std::shared_ptr<const actors::supervisor_deps>{deps});
  // They start on a thread of their own: who is ready must have them.
  if (!intake_->wait_for(start_time))
    return "the actors did not start";
  return std::nullopt;
}

std::optional<std::string> node_impl::start_listener() {
  auto opened =
      http::listener::open(io_, settings_,
                           {.state = state_,
                            .admission = admission_,
                            .rooms = rooms_of_endpoints(settings_, admission_),
                            .origin = new_origin(),
                            .services = {observer_, office_, deliveries_},
                            .tls = tls_.events,
                            .admit = admit()});
  if (!opened)
    return opened.error();
  listener_ = std::move(*opened);
  return std::nullopt;
}

std::optional<std::string> node_impl::start_admin() {
  auto opened =
      http::admin::open(settings_.admin_listen,
                        {.state = state_,
                         .observer = observer_,
                         .node_name = settings_.node_name,
                         .access = settings_.admin,
                         .tls = tls_.admin,
                         .checks = [this] { return health_checks(status()); },
                         .tasks = taskflows_->control()});
  if (!opened)
    return opened.error();
  admin_ = std::move(*opened);
  return std::nullopt;
}

/// Whatever is read again while the node runs. On the main thread, which has
/// the time to wait for a disk.
void node_impl::reload() const {
  observer_.log->info("reload asked for",
                      {{"reason", "SIGHUP"},
                       {"detail", "the listeners' TLS files alone are read "
                                  "again; a changed configuration needs a "
                                  "restart"}});
  tls_.reload();
}

exit_status node_impl::run() {
  auto turn = stop_->wait_for(file_period);
  for (; !turn.stop; turn = stop_->wait_for(file_period)) {
    if (turn.reload)
      reload();
    else
      tls_.reload_changed();
  }
  const auto [why, failed] = *turn.stop;
  observer_.log->info("node stopping", {{"reason", why}});
  state_->advance(http::node_phase::draining);
  const auto drained = drain();
  stop_everything();
  observer_.log->info("node stopped", {{"reason", why}});
  return failed || !drained ? exit_status::gave_up : exit_status::ok;
}

/// Waits for what is in flight; what is left then is answered 503, or becomes a
/// dead letter if it can. Whether nothing was left: what is lost in the end is
/// in flight until then, also while no sink takes it.
bool node_impl::drain() {
  const auto in_flight = [this] {
    return observer_.metrics->events()->snapshot().in_flight;
  };
  const auto wait_until = [&](std::chrono::steady_clock::time_point end) {
    while (in_flight() > 0 && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(drain_poll);
  };
  const auto now = std::chrono::steady_clock::now();
  wait_until(now + settings_.drain_timeout);
  const auto left = in_flight();
  if (left == 0)
    return true;
  observer_.log->warn("drain timed out", {{"in_flight", left}});
  caf::anon_send(supervisor_, actors::abandon_atom::value);
  wait_until(std::chrono::steady_clock::now() + std::chrono::seconds{1});
  return false;
}

/// From the door inwards; also after a start that failed half-way. Idempotent.
void node_impl::stop_everything() {
  // Should anything below hang, the process still ends.
  watchdog guard{stop_time, [] {
                   ::_exit(static_cast<int>(exit_status::gave_up));
                 }};
  for (const auto& each : servers_)
    each.close();
  if (supervisor_)
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  supervisor_ = actors::supervisor_actor{};
  system_.await_all_actors_done();
  // Nobody is there any more whom a call's answer could reach.
  if (taskflows_)
    taskflows_->stop_calls();
  // No actor has an event any more: what was acknowledged is here.
  if (office_)
    office_->stop(letter_time);
  admin_.reset();
  if (io_thread_.joinable()) {
    boost::asio::post(io_, [this] {
      listener_->close();
      signals_.cancel();
      if (letter_round_)
        letter_round_->cancel();
      taskflows_->cancel();
    });
    work_.reset();
    // What is left ends with an error now, and then the thread has no more to
    // do; a late accept among it.
    const watchdog late{io_stop_time, [this] {
                          io_.stop();
                        }};
    io_thread_.join();
  }
}

} // namespace

tl::expected<std::unique_ptr<node>, std::string>
node::start(const config::settings& settings,
            std::vector<taskflow::workflow_ptr> workflows,
            const client_factory& make) {
  auto result = std::make_unique<node_impl>(settings, std::move(workflows));
  if (auto error = result->start(make))
    return tl::unexpected{std::move(*error)};
  return result;
}

} // namespace mfo::node
