#include "actors/intake.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace mfo::actors::tests {
namespace {

using namespace std::chrono_literals;

class intake_test : public actor_fixture {
protected:
  /// A validator that holds every event until the test has it answered.
  using held_validator =
      validator_actor::extend<caf::reacts_to<std::uint64_t, core::outcome>>;

  struct held_state {
    held_state() = default;
    std::deque<caf::typed_response_promise<core::outcome>> promises;
  };

  static held_validator::behavior_type
  hold(held_validator::stateful_pointer<held_state> self,
       int /*see actor_fixture::ask*/) {
    return {[self](const core::event_ptr&) {
              auto& held = self->state.promises;
              held.push_back(self->make_response_promise<core::outcome>());
              return held.back();
            },
            [](wire_atom, const router_actor&) {},
            [](adopt_atom, const validator_deps_ptr&) {},
            [](forget_atom, std::uint64_t) {},
            [self](std::uint64_t at, const core::outcome& result) {
              auto& held = self->state.promises;
              const auto one = held.begin() + static_cast<std::ptrdiff_t>(at);
              one->deliver(result);
              held.erase(one);
            }};
  }

  held_validator next_ = watch(system_.spawn(hold, 0));
  intake_actor intake_ =
      watch(system_.spawn(intake, validator_actor{next_}, log_));

  /// Has an event that is held answered: the oldest, or the one at this place
  /// after it.
  void answer(core::outcome result, std::uint64_t at = 0) {
    caf::anon_send(next_, at, std::move(result));
    run();
  }

  std::shared_ptr<answer_probe> admit() {
    auto [exchange, probe] = make_exchange(make_event());
    caf::anon_send(intake_, std::move(exchange));
    run();
    return probe;
  }

  [[nodiscard]] telemetry::ledger::totals totals() const {
    return metrics_->events()->snapshot();
  }
};

TEST_F(intake_test, answers_202_when_the_event_is_delivered_and_not_before) {
  const auto probe = admit();
  EXPECT_TRUE(probe->answers.empty());
  EXPECT_EQ(totals().in_flight, 1U);
  answer(core::outcome{});
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 202);
  EXPECT_EQ(totals().delivered, 1U);
  EXPECT_EQ(totals().in_flight, 0U);
}

TEST_F(intake_test, answers_what_a_stage_decided) {
  const auto probe = admit();
  answer(core::refused(core::errc::bad_signature));
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 401);
}

TEST_F(intake_test, answers_each_by_its_own_outcome_in_whatever_order) {
  const std::vector<std::shared_ptr<answer_probe>> probes{admit(), admit(),
                                                          admit()};
  answer(core::refused(core::errc::bad_signature), 1);
  answer(core::refused(core::errc::saturated), 1);
  EXPECT_TRUE(probes[0]->answers.empty());
  pass(intake_tick); // what is answered makes way for what comes
  const auto last = admit();
  answer(core::refused(core::errc::bad_signature), 1);
  answer(core::outcome{});
  std::vector<int> statuses;
  for (const auto& each : {probes[0], probes[1], probes[2], last}) {
    ASSERT_EQ(each->answers.size(), 1U);
    statuses.push_back(each->answers[0].status);
  }
  EXPECT_THAT(statuses, testing::ElementsAre(202, 401, 503, 401));
}

TEST_F(intake_test, answers_504_when_no_outcome_comes_by_the_deadline) {
  endpoint_settings_.lifetime = 1s;
  const auto probe = admit();
  pass(1s);
  EXPECT_TRUE(probe->answers.empty()) << "the connector answers first";
  pass(intake_grace + 2 * intake_tick);
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 504);
}

TEST_F(intake_test, answers_once_when_the_outcome_comes_after_the_deadline) {
  endpoint_settings_.lifetime = 1s;
  const auto probe = admit();
  pass(2s);
  answer(core::outcome{});
  EXPECT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(totals().delivered, 0U);
  EXPECT_EQ(totals().refused, 1U);
}

TEST_F(intake_test, sends_what_a_body_holds_the_way_of_all_events) {
  const auto event = make_event();
  auto [exchange, probe] = make_exchange(event);
  caf::anon_send(intake_, std::move(exchange));
  run();
  const auto part = core::refine(*event, {.payload = "[1]"});
  caf::anon_send(
      intake_, divide_atom::value, event,
      std::make_shared<const std::vector<core::event_ptr>>(std::vector{part}));
  run();
  answer(core::outcome{}); // to the event that made way
  EXPECT_TRUE(probe->answers.empty());
  answer(core::outcome{});
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 202);
  EXPECT_EQ(totals().received, 1U);
  EXPECT_EQ(totals().delivered, 1U);
}

TEST_F(intake_test, answers_503_when_the_validator_is_gone) {
  caf::anon_send_exit(next_, caf::exit_reason::kill);
  run();
  const auto probe = admit();
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 503);
  EXPECT_GT(probe->answers[0].retry_after, 0s);
}

TEST_F(intake_test, answers_503_to_all_in_flight_when_the_node_must_stop) {
  const auto first = admit();
  const auto second = admit();
  caf::anon_send(intake_, abandon_atom::value);
  run();
  for (const auto& probe : {first, second}) {
    ASSERT_EQ(probe->answers.size(), 1U);
    EXPECT_EQ(probe->answers[0].status, 503);
  }
  EXPECT_EQ(totals().in_flight, 0U);
}

TEST_F(intake_test, answers_500_to_all_in_flight_when_it_dies) {
  const auto probe = admit();
  caf::anon_send_exit(intake_, caf::exit_reason::kill);
  run();
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 500);
  EXPECT_EQ(totals().in_flight, 0U);
}

TEST_F(intake_test, answers_500_to_what_comes_when_it_is_dead) {
  caf::anon_send_exit(intake_, caf::exit_reason::kill);
  run();
  const auto probe = admit();
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 500);
}

} // namespace
} // namespace mfo::actors::tests
