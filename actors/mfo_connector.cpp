#include "actors/mfo_connector.hpp"

#include "actors/connector_calls.hpp"
#include "actors/stage.hpp"

#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::milliseconds;
using connector_pointer =
    mfo_connector_impl::stateful_pointer<mfo_connector_state>;

} // namespace

/// An actor as the host of a caller, and of what gathers calls for it.
class connector_host final : public caller_host, public batch_host {
public:
  connector_host(connector_pointer self, mfo_connector_deps_ptr deps)
    : self_(self), deps_(std::move(deps)) {}

  steady_time now() override {
    return self_->clock().now();
  }

  wall_time wall_now() override {
    return std::chrono::system_clock::now();
  }

  double uniform() override {
    return deps_->uniform();
  }

  void send(http::client_request request, std::uint64_t number) override {
    request.ticket = number;
    // Runs on the I/O thread; the handle keeps the actor's address, not its
    // state, alive.
    deps_->client->send(std::move(request), [me = me(), number](auto result) {
      caf::anon_send(me, reply_atom::value, number, std::move(result));
    });
  }

  void abort(std::uint64_t number) override {
    deps_->client->cancel(number);
  }

  void log_in(http::client_request request) override {
    request.timeout = deps_->server.request_timeout;
    deps_->login_client->send(std::move(request), [me = me()](auto result) {
      caf::anon_send(me, login_atom::value, std::move(result));
    });
  }

  void retry_after(milliseconds delay, std::uint64_t number) override {
    self_->delayed_send(self_, delay, retry_atom::value, number);
  }

  void wake_after(milliseconds delay, std::uint64_t number) override {
    self_->delayed_send(self_, delay, wake_atom::value, number);
  }

  void make(std::unique_ptr<server_call> call) override {
    self_->state.caller->accept(std::move(call));
  }

  void due_after(milliseconds delay, std::uint64_t number) override {
    self_->delayed_send(self_, delay, batch_atom::value, number);
  }

private:
  [[nodiscard]] mfo_connector_impl me() const {
    return caf::actor_cast<mfo_connector_impl>(self_);
  }

  connector_pointer self_;
  mfo_connector_deps_ptr deps_;
};

mfo_connector_state::mfo_connector_state() = default;
mfo_connector_state::~mfo_connector_state() = default;

mfo_connector_impl::behavior_type mfo_connector(connector_pointer self,
                                                mfo_connector_deps_ptr deps) {
  end_on_exception(self, deps->observer.log);
  auto& state = self->state;
  const auto server =
      std::make_shared<const config::server_settings>(deps->server);
  state.host = std::make_unique<connector_host>(self, deps);
  state.caller = std::make_unique<server_caller>(
      caller_deps{.server = deps->server,
                  .auth = deps->make_auth(),
                  .report = {.health = deps->health,
                             .status = deps->status,
                             .observer = deps->observer}},
      *state.host);
  state.batcher = std::make_unique<event_batcher>(server, *state.host);
  state.subscriptions = std::make_unique<subscriptions>(
      subscriptions_deps{.server = deps->server,
                         .all = deps->subscriptions,
                         .log = deps->observer.log,
                         .call =
                             [self](std::unique_ptr<server_call> call) {
                               self->state.caller->accept(std::move(call));
                             },
                         .subscribe_after =
                             [self](milliseconds delay, std::uint64_t number) {
                               self->delayed_send(
                                   self, delay, subscribe_atom::value, number);
                             }},
      *state.host);
  return {
      [self, server](core::event_ptr& event) {
        self->state.batcher->add(std::make_unique<event_call>(
            std::move(event), outcome_promise{self}, server));
        return caf::delegated<core::outcome>{};
      },
      [self](const api_request_ptr& request) {
        auto promise = self->make_response_promise<api_result_ptr>();
        self->state.caller->accept(
            std::make_unique<api_call>(request, promise));
        return promise;
      },
      [self](cancel_atom, const std::string& id) {
        self->state.caller->cancel(id);
      },
      [self](open_atom) { self->state.subscriptions->open(); },
      [self](reply_atom, std::uint64_t number,
             const http::client_result& result) {
        self->state.caller->replied(number, result);
      },
      [self](login_atom, const http::client_result& result) {
        self->state.caller->logged_in(result);
      },
      [self](retry_atom, std::uint64_t number) {
        self->state.caller->retry(number);
      },
      [self](wake_atom, std::uint64_t number) {
        self->state.caller->wake(number);
      },
      [self](abandon_atom) {
        self->state.caller->abandon();
        self->state.batcher->flush(); // to the caller, who refuses it
      },
      [self](batch_atom, std::uint64_t number) {
        self->state.batcher->due(number);
      },
      [self](subscribe_atom, std::uint64_t number) {
        self->state.subscriptions->subscribe(number);
      },
  };
}

} // namespace mfo::actors
