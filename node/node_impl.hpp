#pragma once

#include "node/assembly.hpp"
#include "node/cluster_seat.hpp"
#include "node/handing_office.hpp"
#include "node/letter_round.hpp"
#include "node/node.hpp"
#include "node/server_link.hpp"
#include "node/signals.hpp"
#include "node/status.hpp"
#include "node/stop_reason.hpp"
#include "node/taskflows.hpp"
#include "node/tls_listeners.hpp"

#include "actors/supervisor.hpp"
#include "core/admission.hpp"
#include "core/delivery_window.hpp"
#include "core/leak_pause.hpp"
#include "http/admin.hpp"
#include "http/listener.hpp"
#include "http/node_state.hpp"
#include "telemetry/observer.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/all.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mfo::node {

struct actor_config : caf::actor_system_config {
  explicit actor_config(const config::settings& settings) {
    set("scheduler.max-threads", std::size_t{settings.workers});
    // CAF's workers look for work 100 times without a break, then every 50 us,
    // and only then sleep until they are woken. By default they do that for 10
    // ms after each bit of work, which is all the time in a node that only
    // hears its peers' heartbeats. These are 2 looks.
    set("work-stealing.moderate-poll-attempts", std::size_t{10});
    // There is nobody whose work could be stolen.
    if (settings.workers == 1)
      set("work-stealing.relaxed-sleep-duration",
          caf::timespan{std::chrono::seconds{1}});
    if (settings.cluster.on())
      prepare_for_cluster(*this, settings.cluster);
  }
};

/// The node as its parts: node_start.cpp puts them together, node.cpp runs and
/// stops them.
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
      system_config_(settings),
      system_(core::while_leaks_pause(system_config_)) {}

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
  [[nodiscard]] http::exchange_services services() const;
  [[nodiscard]] std::function<void(http::exchange_ptr)> admit() const;
  [[nodiscard]] schedule_clock::claim_function claim_tick() const;
  std::optional<std::string> open_servers(const client_factory& make);
  std::optional<std::string> open_taskflows();
  std::optional<std::string> open_cluster();
  std::optional<std::string> start_actors();
  std::optional<std::string> start_listener();
  std::optional<std::string> start_admin();
  [[nodiscard]] http::cluster_control cluster_control() const;
  status_parts status() const {
    return {settings_,
            *admission_,
            servers_,
            office_.get(),
            *observer_.log,
            *listener_,
            taskflows_->report(),
            taskflows_->caller(),
            in_line(),
            cluster_.get()};
  }

  [[nodiscard]] std::size_t in_line() const {
    return cluster_ ? cluster_->report().in_line.load() : in_line_->load();
  }

  void reload() const;
  void reload_changed() const;
  void begin_drain();
  [[nodiscard]] bool drain();
  void stop_everything();

  config::settings settings_;
  std::vector<taskflow::workflow_ptr> workflows_;
  telemetry::observer observer_;
  std::shared_ptr<http::node_state> state_ =
      std::make_shared<http::node_state>();
  std::shared_ptr<core::admission> admission_;
  std::shared_ptr<core::delivery_window> deliveries_; ///< null: in a cluster
  std::shared_ptr<stop_reason> stop_ = std::make_shared<stop_reason>();
  /// Events that wait for those before them with their ordering key; of a node
  /// that is alone.
  std::shared_ptr<std::atomic<std::size_t>> in_line_ =
      std::make_shared<std::atomic<std::size_t>>(0);

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
  std::unique_ptr<cluster_seat> cluster_;         ///< null: the node is alone
  std::vector<server_link> servers_;              ///< empty: peers call them
  std::shared_ptr<actors::letter_office> office_; ///< null: no sinks
  std::shared_ptr<handing_office> handing_;  ///< null: no sinks, or no cluster
  std::optional<letter_round> letter_round_; ///< with an office
  std::unique_ptr<taskflows> taskflows_;
  tls_listeners tls_;
  std::unique_ptr<http::listener> listener_;
  std::unique_ptr<http::admin> admin_;
};

} // namespace mfo::node
