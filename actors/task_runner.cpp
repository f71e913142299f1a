#include "actors/task_runner.hpp"

#include "actors/handover.hpp"
#include "actors/stage.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace mfo::actors {

namespace {

using runner_pointer = task_runner_impl::stateful_pointer<task_runner_state>;

core::outcome no_connector(const std::string& server) {
  return core::refused(core::errc::internal_error, "no such server: " + server);
}

} // namespace

/// An actor as the host of a runner.
class task_runner_host final : public flow_host {
public:
  task_runner_host(runner_pointer self, task_runner_deps_ptr deps)
    : self_(self), deps_(std::move(deps)) {}

  steady_time now() override {
    return self_->clock().now();
  }

  double uniform() override {
    return deps_->uniform();
  }

  void call(const std::string& server, api_request_ptr request,
            const std::string&, std::uint64_t number) override {
    asked_.emplace(number, [to = connector(server), id = request->id] {
      caf::anon_send(to, cancel_atom::value, id);
    });
    self_->request(connector(server), caf::infinite, std::move(request))
        .then(
            [this, number](const api_result_ptr& result) {
              asked_.erase(number);
              runner().called(number, *result);
            },
            [this, number](const caf::error& why) {
              asked_.erase(number);
              runner().called(number,
                              {.outcome = stage_lost(why), .reply = {}});
            });
  }

  void forward(const std::string& server, core::event_ptr event,
               const std::string&, std::uint64_t number) override {
    self_->request(connector(server), caf::infinite, std::move(event))
        .then(
            [this, number](const core::outcome& result) {
              runner().forwarded(number, result);
            },
            [this, number](const caf::error& why) {
              runner().forwarded(number, stage_lost(why));
            });
  }

  void ask(taskflow::call_request request, steady_time deadline,
           const run_info& run, const std::string& path,
           std::uint64_t number) override {
    // The handle keeps the actor's address, not its state, alive.
    asked_.emplace(
        number,
        deps_->others->ask(std::move(request), deadline, run, path,
                           [me = caf::actor_cast<task_runner_impl>(self_),
                            number](taskflow::call_result result) {
                             caf::anon_send(
                                 me, reply_atom::value, number,
                                 std::make_shared<const taskflow::call_result>(
                                     std::move(result)));
                           }));
  }

  void answered(std::uint64_t number, const taskflow::call_result& result) {
    asked_.erase(number);
    runner().answered(number, result);
  }

  void cancel(std::uint64_t number) override {
    if (const auto found = asked_.find(number); found != asked_.end()) {
      const auto forget = std::move(found->second);
      asked_.erase(found);
      forget();
    }
  }

  core::outcome emit(core::event_ptr event) override {
    return deps_->emit(std::move(event));
  }

  void wake_at(steady_time when) override {
    if (wakes_at_ && *wakes_at_ <= when)
      return;
    wakes_at_ = when;
    self_->delayed_send(
        self_, std::max(when - now(), std::chrono::steady_clock::duration{0}),
        wake_atom::value, ++last_wake_);
  }

  void wake(std::uint64_t number) {
    if (number != last_wake_)
      return;
    wakes_at_.reset();
    runner().wake();
  }

  /// Nobody is there whom an answer could reach.
  void forget_all() {
    for (const auto& [number, forget] : std::exchange(asked_, {}))
      forget();
  }

private:
  [[nodiscard]] flow_runner& runner() const {
    return *self_->state.flows;
  }

  /// Of a server that the settings name.
  [[nodiscard]] const mfo_connector_actor&
  connector(const std::string& server) const {
    return self_->state.connectors.at(server);
  }

  runner_pointer self_;
  task_runner_deps_ptr deps_;
  std::unordered_map<std::uint64_t, outside::cancellation> asked_;
  std::optional<steady_time> wakes_at_;
  std::uint64_t last_wake_ = 0; ///< earlier ones are of no more interest
};

task_runner_state::task_runner_state() = default;

task_runner_state::~task_runner_state() {
  if (host)
    host->forget_all();
}

task_runner_impl::behavior_type task_runner(runner_pointer self,
                                            task_runner_deps_ptr deps,
                                            connector_map connectors) {
  end_on_exception(self, deps->log);
  auto& state = self->state;
  state.connectors = std::move(connectors);
  state.host = std::make_unique<task_runner_host>(self, deps);
  state.flows = std::make_unique<flow_runner>(deps->flows, *state.host);
  return {
      [self](core::event_ptr& event, const route_ptr& route) {
        return answer_or_throw(self, [&]() -> caf::result<core::outcome> {
          auto& known = self->state.connectors;
          const auto found = known.find(route->server);
          if (found == known.end() && !route->server.empty())
            return no_connector(route->server);
          if (route->triggers.empty()) {
            event->where.move_to(core::stage::mfo_connector,
                                 self->clock().now());
            return pass_on(self, found->second, std::move(event));
          }
          auto promise = self->make_response_promise<core::outcome>();
          self->state.flows->begin(event, *route,
                                   [promise](core::outcome result) mutable {
                                     promise.deliver(std::move(result));
                                   });
          return promise;
        });
      },
      [self](const flow_request_ptr& what) {
        auto promise = self->make_response_promise<flow_result_ptr>();
        self->state.flows->run(*what, [promise](flow_result result) mutable {
          promise.deliver(
              std::make_shared<const flow_result>(std::move(result)));
        });
        return promise;
      },
      [self](cancel_atom, const std::string& run, const std::string& reason) {
        self->state.flows->cancel(run, reason);
      },
      [self](wire_atom, const std::string& server, mfo_connector_actor other) {
        self->state.connectors[server] = other;
      },
      [self](abandon_atom) { self->state.flows->abandon(); },
      [self](reply_atom, std::uint64_t number, const call_result_ptr& result) {
        self->state.host->answered(number, *result);
      },
      [self](wake_atom, std::uint64_t number) {
        self->state.host->wake(number);
      },
  };
}

} // namespace mfo::actors
