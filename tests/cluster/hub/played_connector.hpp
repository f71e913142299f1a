#pragma once

#include "actors/interfaces.hpp"
#include "tests/cluster/calling/call_samples.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// A connector that a test plays: it holds calls, or ends them at once.
class played_connector {
public:
  played_connector(caf::actor_system& system, std::string name)
    : system_(system), name_(std::move(name)),
      actor_(system.spawn(
          [this](connector_pointer self) { return behave(self); })) {}

  [[nodiscard]] const actors::mfo_connector_actor& actor() const {
    return actor_;
  }

  void stop() {
    if (!actor_)
      return;
    caf::anon_send_exit(actor_, caf::exit_reason::kill);
    caf::scoped_actor self{system_};
    self->wait_for(actor_);
    actor_ = actors::mfo_connector_actor{};
  }

  /// Ends what it holds, and holds no more.
  void release() {
    holds = false;
    caf::anon_send(actor_, actors::open_atom::value);
  }

  /// The ids that it was told nobody waits for.
  [[nodiscard]] std::vector<std::string> cancelled() const {
    const std::lock_guard lock{mutex_};
    return cancelled_;
  }

  std::atomic<bool> holds{false}; ///< calls and events are not answered
  std::atomic<int> calls{0};
  std::atomic<int> events{0};
  std::atomic<core::stage> stage{core::stage::intake}; ///< of the last event

private:
  using connector_pointer = actors::mfo_connector_actor::pointer;

  [[nodiscard]] static core::outcome delivered() {
    core::outcome result;
    result.attempts = 1;
    return result;
  }

  [[nodiscard]] actors::api_result_ptr answer() const {
    return good_result("by " + name_);
  }

  actors::mfo_connector_actor::behavior_type behave(connector_pointer self) {
    return {
        [this, self](const core::event_ptr& event) {
          stage = event->where.where();
          auto promise = self->make_response_promise<core::outcome>();
          if (holds)
            held_events_.push_back(promise);
          else
            promise.deliver(delivered());
          ++events;
          return promise;
        },
        [this, self](const actors::api_request_ptr&) {
          auto promise = self->make_response_promise<actors::api_result_ptr>();
          if (holds)
            held_calls_.push_back(promise);
          else
            promise.deliver(answer());
          ++calls;
          return promise;
        },
        [this](actors::cancel_atom, const std::string& id) {
          const std::lock_guard lock{mutex_};
          cancelled_.push_back(id);
        },
        [this](actors::open_atom) {
          for (auto& each : std::exchange(held_events_, {}))
            each.deliver(delivered());
          for (auto& each : std::exchange(held_calls_, {}))
            each.deliver(answer());
        },
        [](actors::abandon_atom) {},
    };
  }

  caf::actor_system& system_;
  const std::string name_;
  mutable std::mutex mutex_;
  std::vector<std::string> cancelled_; ///< guarded by mutex_
  // Of the actor alone.
  std::vector<caf::typed_response_promise<core::outcome>> held_events_;
  std::vector<caf::typed_response_promise<actors::api_result_ptr>> held_calls_;
  actors::mfo_connector_actor actor_;
};

} // namespace mfo::cluster::test
