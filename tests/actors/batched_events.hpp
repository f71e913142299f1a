#pragma once

#include "actors/connector_calls.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <memory>
#include <string>
#include <vector>

/// Events on their way to a server, whose answers the test can look at.
namespace mfo::actors::tests {

class batched_events : public actor_fixture {
protected:
  batched_events() {
    server_.url = "http://mfo.example.com";
    server_.batch.max_events = 3;
  }

  /// One more event; its outcome will be the next of `outcomes_`.
  std::unique_ptr<event_call> make_call(std::string payload = R"({"a":1})") {
    auto event = make_event(std::move(payload));
    ids_.push_back(event->id);
    envelopes_.push_back(event->envelope);
    const auto answer = std::make_shared<pending>();
    outcomes_.push_back(answer);
    auto promise = std::make_shared<outcome_promise>();
    auto owner = std::make_shared<caf::event_based_actor*>(nullptr);
    // The actor that owes the answer, and the one that waits for it.
    const auto owes = watch(system_.spawn(
        [=](caf::event_based_actor* self, const caf::actor&) -> caf::behavior {
          *owner = self;
          return {[=](int) {
            *promise = outcome_promise{self};
            return caf::delegated<core::outcome>{};
          }};
        },
        caf::actor{}));
    watch(system_.spawn(
        [answer](caf::event_based_actor* self, const caf::actor& whom) {
          self->request(whom, caf::infinite, 1)
              .then([answer](const core::outcome& value) {
                answer->outcome = value;
              });
        },
        owes));
    run();
    // It is the test that answers in its place, and no worker runs it then.
    (*owner)->context(nullptr);
    return std::make_unique<event_call>(
        std::move(event), std::move(*promise),
        std::make_shared<const config::server_settings>(server_));
  }

  std::vector<std::unique_ptr<event_call>> make_calls(std::size_t count) {
    std::vector<std::unique_ptr<event_call>> calls;
    for (std::size_t i = 0; i < count; ++i)
      calls.push_back(make_call());
    return calls;
  }

  /// The outcome of the event that was made at this place, which must have
  /// one.
  core::outcome outcome(std::size_t at) {
    run();
    const auto& result = outcomes_.at(at)->outcome;
    EXPECT_TRUE(result) << "event " << at << " has no outcome";
    return result.value_or(core::outcome{});
  }

  bool is_open(std::size_t at) {
    run();
    return !outcomes_.at(at)->outcome;
  }

  config::server_settings server_;
  std::vector<std::string> ids_;
  std::vector<std::string> envelopes_;
  std::vector<std::shared_ptr<pending>> outcomes_;
};

} // namespace mfo::actors::tests
