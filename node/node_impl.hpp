#pragma once

#include "node/assembly.hpp"
#include "node/cluster_seat.hpp"
#include "node/dependencies.hpp"
#include "node/flow_books.hpp"
#include "node/generation.hpp"
#include "node/io_turns.hpp"
#include "node/letter_clerk.hpp"
#include "node/node.hpp"
#include "node/service_manager.hpp"
#include "node/signals.hpp"
#include "node/since_watch.hpp"
#include "node/source_watch.hpp"
#include "node/span_exporter.hpp"
#include "node/status.hpp"
#include "node/stop_reason.hpp"

#include "actors/supervisor.hpp"
#include "config/watched_files.hpp"
#include "core/admission.hpp"
#include "core/delivery_window.hpp"
#include "core/leak_pause.hpp"
#include "http/admin.hpp"
#include "http/listener.hpp"
#include "http/node_state.hpp"
#include "telemetry/history.hpp"
#include "telemetry/observer.hpp"
#include "telemetry/span_queue.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/all.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mfo::node {

struct actor_config : caf::actor_system_config {
  actor_config(const config::settings& settings, const surroundings& in,
               io_turns& turns) {
    if (!in.prepare_actors)
      turns.prepare(*this);
    if (settings.cluster.on())
      prepare_for_cluster(*this, settings.cluster);
    if (in.prepare_actors)
      in.prepare_actors(*this);
  }
};

/// For the last dead letters of an office: enough for each sink to be asked,
/// should all before it hang.
[[nodiscard]] std::chrono::milliseconds
letter_time(const config::dead_letter_settings& of);

/// The node as its parts: node_start.cpp puts them together, node.cpp runs and
/// stops them. What is of a configuration is made in node_generation.cpp, and
/// replaced in node_reload.cpp.
class node_impl final : public node {
public:
  node_impl(const config::settings& settings, node_options how)
    : how_(std::move(how)),
      metrics_(std::make_shared<telemetry::metrics>(
          endpoint_ids(settings), upstream_names(settings.servers))),
      spans_(std::make_shared<telemetry::span_queue>(settings.node_name,
                                                     metrics_)),
      observer_{metrics_,
                how_.in.write_log
                    ? std::make_shared<telemetry::log>(settings.log,
                                                       how_.in.write_log)
                    : std::make_shared<telemetry::log>(settings.log),
                std::make_shared<telemetry::refusal_lines>(
                    settings.log.refusals_per_second),
                std::make_shared<telemetry::event_book>(
                    telemetry::event_book::bounds{.keep = settings.events.keep},
                    spans_),
                spans_},
      node_name_(settings.node_name), in_cluster_(settings.cluster.on()),
      calls_io_(settings.workers > 1 ? own_calls_io_ : io_),
      exporter_(span_exporter::make(
          {.io = io_,
           .queue = spans_,
           .metrics = metrics_,
           .resource = resource_of(settings.node_name, instance_),
           .uniform = uniform_source()})),
      turns_(io_, calls_io_, settings.workers),
      system_config_(settings, how_.in, turns_),
      system_(core::while_leaks_pause(system_config_)) {}

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~node_impl() override {
    stop_everything();
  }

  std::optional<std::string> start(configuration given);

  std::uint16_t port() const noexcept override {
    return listener_->port();
  }

  std::uint16_t admin_port() const noexcept override {
    return admin_->port();
  }

  const telemetry::metrics& metrics() const noexcept override {
    return *observer_.metrics;
  }

  http::task_control tasks() const override {
    return control_of(books_);
  }

  void fire(const std::string& trigger, std::chrono::milliseconds at) override {
    generations_.current()->flows->fire(trigger, at);
  }

  exit_status run() override;

private:
  using generation_ptr = std::shared_ptr<generation>;
  template <class Value>
  using or_why = tl::expected<Value, std::string>;

  // node_generation.cpp
  [[nodiscard]] or_why<generation_ptr>
  make_generation(configuration given, const generation* former);
  [[nodiscard]] or_why<std::shared_ptr<letter_box>>
  make_letter_box(const config::settings& settings);
  [[nodiscard]] or_why<std::unique_ptr<taskflows>>
  make_taskflows(const generation& of);
  [[nodiscard]] core::event_origin new_origin(const generation& of) const;
  [[nodiscard]] http::exchange_services_ptr
  services(const generation& of) const;
  [[nodiscard]] std::function<void(http::exchange_ptr)> admit() const;
  [[nodiscard]] schedule_clock::claim_function claim_tick() const;
  [[nodiscard]] actors::generation_parts_ptr
  parts_of(const generation& of) const;
  [[nodiscard]] http::listener_deps door_of(const generation& of) const;
  [[nodiscard]] static cluster::hub_rules hub_rules_of(const generation& of);

  // node_start.cpp
  std::optional<std::string> open_cluster(const generation& first);
  std::optional<std::string> start_actors(const generation& first);
  std::optional<std::string> start_listener(const generation& first);
  std::optional<std::string> start_admin(const generation& first);
  void begin(const generation& first);
  [[nodiscard]] http::event_control event_control() const;
  [[nodiscard]] http::recording_control recording_control() const;
  [[nodiscard]] http::cluster_control cluster_control() const;
  [[nodiscard]] http::view_control view_control() const;
  [[nodiscard]] http::letter_control letter_control();
  [[nodiscard]] http::reload_control reload_control();
  [[nodiscard]] status_parts status() const;

  // node_reload.cpp
  void reload(const std::vector<stop_reason::reload_request>& asked);
  [[nodiscard]] http::reload_report try_reload();
  [[nodiscard]] std::optional<std::string> replace_by(generation_ptr next);
  [[nodiscard]] std::optional<std::string>
  bind_addresses(const generation& next);
  void put_in_force(const generation_ptr& next, generation& former);
  void note(http::reload_report report);
  void note_start();
  [[nodiscard]] http::reload_report last_report() const;
  void retire_unused();
  void release(const generation_ptr& what);
  void watch();
  void reload_changed_files();

  // node.cpp
  [[nodiscard]] std::chrono::milliseconds look_period() const;
  [[nodiscard]] std::string service_status() const;
  void look_around();
  void note_how_it_is(const status_parts& parts, const core::instant& now);
  void begin_drain();
  /// Of a drain.
  struct left_over {
    std::uint64_t due =
        0; ///< so many events are kept in the end, or one is not
    bool of_peers = false; ///< their work has not ended, nor is it given back
  };
  [[nodiscard]] left_over drain();
  [[noreturn]] void end_at_once(int signal) const;
  void stop_letters(std::chrono::milliseconds longest);
  void stop_everything();
  void on_io_thread(const std::function<void()>& task);

  [[nodiscard]] std::size_t in_line() const {
    return cluster_ ? cluster_->report().in_line.load() : in_line_->load();
  }

  const node_options how_;
  const std::string instance_ = new_instance();
  const std::shared_ptr<telemetry::metrics> metrics_;
  const std::shared_ptr<telemetry::span_queue> spans_;
  telemetry::observer observer_;
  const std::string node_name_;
  const bool in_cluster_;
  std::shared_ptr<http::node_state> state_ =
      std::make_shared<http::node_state>();
  std::shared_ptr<core::admission> admission_;
  std::shared_ptr<core::delivery_window> deliveries_; ///< null: in a cluster
  std::shared_ptr<stop_reason> stop_ = std::make_shared<stop_reason>();
  /// Events that wait for those before them with their ordering key; of a node
  /// that is alone.
  std::shared_ptr<std::atomic<std::size_t>> in_line_ =
      std::make_shared<std::atomic<std::size_t>>(0);

  // Of the main thread, but for what they tell.
  source_watch event_sources_{observer_.metrics->events(), observer_.log};
  dependency_watch dependencies_{observer_.log};
  since_watch since_;
  const std::chrono::steady_clock::time_point began_ =
      std::chrono::steady_clock::now();
  std::shared_ptr<telemetry::history> history_ =
      std::make_shared<telemetry::history>(began_);

  std::shared_ptr<http::recorder> recorder_ =
      std::make_shared<http::recorder>();

  // Outlives all that runs on it, as its destructor ends what is left.
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_.get_executor()};
  /// What calls servers runs on: a thread of its own where there are several.
  boost::asio::io_context own_calls_io_{1};
  boost::asio::io_context& calls_io_;
  std::optional<decltype(work_)> calls_work_;
  signals signals_{stop_, [this](int signal) {
                     end_at_once(signal);
                   }};
  const std::shared_ptr<span_exporter> exporter_;
  service_manager service_;
  std::thread io_thread_;
  std::thread calls_thread_; ///< none: `io_thread_`
  io_turns turns_;

  actor_config system_config_;
  caf::actor_system system_;
  std::shared_ptr<actors::intake_handle> intake_ =
      std::make_shared<actors::intake_handle>();
  actors::supervisor_actor supervisor_;
  std::unique_ptr<cluster_seat> cluster_; ///< null: the node is alone
  flow_books books_;
  generations generations_;
  std::uint64_t last_number_ = 0; ///< of a generation
  std::unique_ptr<http::listener> listener_;
  std::unique_ptr<letter_clerk> clerk_;
  std::unique_ptr<http::admin> admin_;

  config::watched_files sources_{{}};              ///< of the configuration
  bool sources_changing_ = false;                  ///< at the last look
  std::chrono::steady_clock::time_point next_try_; ///< of what was no good
  mutable std::mutex report_mutex_;
  http::reload_report report_; ///< of the last reload; guarded by report_mutex_
};

} // namespace mfo::node
