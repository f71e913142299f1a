#include "node/taskflow/local_session.hpp"

#include "node/actor_question.hpp"
#include "node/http_calls.hpp"
#include "node/quiet_actors.hpp"
#include "node/server_link.hpp"

#include "actors/flow_outside.hpp"
#include "actors/mfo_connector.hpp"
#include "actors/task_runner.hpp"
#include "config/environment.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/all.hpp>
#include <openssl/rand.h>

#include <array>
#include <future>
#include <iostream>
#include <random>
#include <thread>
#include <utility>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{100};

telemetry::observer observe(const config::settings& settings, bool verbose) {
  const config::log_settings how{.level = verbose ? config::log_level::debug
                                                  : config::log_level::off,
                                 .format = config::log_format::text};
  return {std::make_shared<telemetry::metrics>(
              std::vector<std::string>{}, upstream_names(settings.servers)),
          std::make_shared<telemetry::log>(
              how, [](std::string_view line) { std::cerr << line << '\n'; })};
}

std::array<std::uint8_t, 16> unguessable() {
  std::array<std::uint8_t, 16> bytes{};
  static_cast<void>(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

class actor_session final : public local_session {
public:
  explicit actor_session(options how)
    : how_(std::move(how)), observer_(observe(how_.settings, how_.verbose)),
      desk_(std::make_shared<core::question_desk>(unguessable)),
      system_(config_) {}

  actor_session(const actor_session&) = delete;
  actor_session& operator=(const actor_session&) = delete;

  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~actor_session() override {
    for (const auto& each : links_)
      each.close();
    const auto stop = [](const auto& actor) {
      if (actor)
        caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    };
    stop(runner_);
    for (const auto& [name, each] : connectors_)
      stop(each);
    runner_ = actors::task_runner_actor{};
    connectors_.clear();
    system_.await_all_actors_done();
    calls_.reset();
    work_.reset();
    if (io_thread_.joinable())
      io_thread_.join();
  }

  /// The error is one line.
  tl::expected<void, std::string> start() {
    auto links =
        link_servers(io_, how_.settings.servers, {}, observer_, make_client);
    if (!links)
      return tl::unexpected{std::move(links.error())};
    links_ = *std::move(links);
    auto calls = http_calls::open(how_.settings.http_call);
    if (!calls)
      return tl::unexpected{"http_call.ca_file: " + calls.error()};
    calls_ = *std::move(calls);
    for (const auto& each : links_)
      connectors_[each.settings().name] =
          system_.spawn(actors::mfo_connector, each.deps);
    runner_ = system_.spawn(actors::task_runner, runner_deps(), connectors_);
    io_thread_ = std::thread{[this] {
      io_.run();
    }};
    return {};
  }

  core::outcome carry_out(const core::event_ptr& event,
                          actors::route what) override {
    const auto result =
        question_.ask(system_, runner_, caf::infinite, event,
                      std::make_shared<const actors::route>(std::move(what)));
    return result ? *result
                  : core::refused(core::errc::internal_error, result.error());
  }

  actors::flow_result run(actors::flow_request what,
                          const std::function<bool()>& between) override {
    const auto id = what.id;
    std::promise<actors::flow_result> promise;
    auto result = promise.get_future();
    const auto ask = [&promise](caf::event_based_actor* self,
                                const actors::task_runner_actor& whom,
                                const actors::flow_request_ptr& request) {
      self->request(whom, caf::infinite, request)
          .then(
              [&promise](const actors::flow_result_ptr& value) {
                promise.set_value(*value);
              },
              [&promise](const caf::error& why) {
                promise.set_value(
                    {.outcome = core::refused(core::errc::internal_error,
                                              caf::to_string(why))});
              });
    };
    system_.spawn(
        ask, runner_,
        std::make_shared<const actors::flow_request>(std::move(what)));
    question_prompt prompt{desk_, how_.asking};
    const auto wait = [&] {
      if (how_.otherwise == without_answer::ask) {
        prompt.step(tick);
        return result.wait_for(milliseconds{0});
      }
      return result.wait_for(tick);
    };
    while (wait() != std::future_status::ready)
      if (between())
        caf::anon_send(runner_, actors::cancel_atom::value, id,
                       std::string{"it was interrupted"});
    return result.get();
  }

  void abandon() override {
    question_.abandon();
  }

private:
  actors::task_runner_deps_ptr runner_deps() {
    auto deps = std::make_shared<actors::task_runner_deps>();
    deps->flows = {.settings = how_.settings.taskflows,
                   .servers = how_.settings.servers,
                   .report = std::make_shared<actors::flow_report>(
                       how_.workflows, observer_),
                   .observers = how_.observers};
    deps->others = std::make_shared<terminal_people>(
        actors::make_outside(calls_->caller(), desk_, observer_,
                             how_.settings.log.refusals_per_second),
        how_.answers, how_.otherwise);
    deps->emit = [emit = how_.emit](core::event_ptr event) {
      return emit ? emit(std::move(event)) : core::outcome{};
    };
    deps->uniform = [random =
                         std::mt19937_64{std::random_device{}()}]() mutable {
      return std::uniform_real_distribution<double>{}(random);
    };
    deps->log = observer_.log;
    return deps;
  }

  options how_;
  telemetry::observer observer_;
  std::shared_ptr<core::question_desk> desk_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
      work_{io_.get_executor()};
  std::thread io_thread_;
  quiet_actors config_;
  caf::actor_system system_;
  std::vector<server_link> links_;
  std::unique_ptr<http_calls> calls_;
  actors::connector_map connectors_;
  actors::task_runner_actor runner_;
  actor_question<core::outcome> question_;
};

} // namespace

tl::expected<std::unique_ptr<local_session>, command_failure>
local_session::open(options how) {
  auto session = std::make_unique<actor_session>(std::move(how));
  if (auto started = session->start(); !started)
    return failure(exit_status::cannot_start, started.error());
  return session;
}

core::event_ptr make_local_event(core::request_view what,
                                 config::endpoint_settings endpoint,
                                 std::optional<milliseconds> received) {
  std::mt19937_64 random{std::random_device{}()};
  const auto now = std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  return core::make_event(
      std::move(what),
      std::make_shared<const config::endpoint_settings>(std::move(endpoint)),
      {.node_name = config::host_name(),
       .depths = nullptr,
       .random =
           [&random] {
             return random();
           }},
      {received.value_or(now), std::chrono::steady_clock::now()});
}

} // namespace mfo::node
