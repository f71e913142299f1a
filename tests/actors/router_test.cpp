// Events of one ordering key, on a node that is alone.

#include "actors/router.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <gmock/gmock.h>

#include <deque>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<const mfo::core::outcome>)

namespace mfo::actors::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class router_test : public actor_fixture {
protected:
  /// What the runner was given, and has not ended.
  struct held_event {
    core::event_ptr event;
    caf::typed_response_promise<core::outcome> answer;
  };

  /// A runner that ends its oldest event when it is told so.
  using held_runner = work_actor::extend<
      caf::reacts_to<cancel_atom, std::shared_ptr<const core::outcome>>>;

  static held_runner::behavior_type hold(held_runner::pointer self,
                                         std::deque<held_event>* runs) {
    return {
        [self, runs](const core::event_ptr& event,
                     const route_ptr&) -> caf::result<core::outcome> {
          auto answer = self->make_response_promise<core::outcome>();
          runs->push_back({event, answer});
          return answer;
        },
        [runs](cancel_atom, const std::shared_ptr<const core::outcome>& how) {
          auto oldest = runs->front();
          runs->pop_front();
          oldest.answer.deliver(*how);
        }};
  }

  core::event_ptr event_of(const std::string& key,
                           std::chrono::milliseconds lives = 10s) {
    const auto made = std::const_pointer_cast<core::event>(make_event());
    made->ordering_key = key;
    made->deadline = now() + lives;
    return made;
  }

  auto give(const core::event_ptr& event) {
    return ask(router_, event);
  }

  /// Ends the oldest run.
  void end(core::outcome how = {}) {
    caf::anon_send(runner_, cancel_atom::value,
                   std::make_shared<const core::outcome>(std::move(how)));
    run();
  }

  std::vector<core::event_ptr> running() const {
    std::vector<core::event_ptr> events;
    for (const auto& each : runs_)
      events.push_back(each.event);
    return events;
  }

  std::deque<held_event> runs_;
  std::shared_ptr<std::atomic<std::size_t>> in_line_ =
      std::make_shared<std::atomic<std::size_t>>(0);
  held_runner runner_ = watch(system_.spawn(hold, &runs_));
  router_actor router_ = watch(system_.spawn(
      router, work_actor{runner_},
      router_deps{.workflows = {}, .in_line = in_line_, .log = log_}));
};

TEST_F(router_test, has_the_next_one_of_a_key_run_when_one_has_ended) {
  const auto first = event_of("k");
  const auto second = event_of("k");
  const auto third = event_of("k");
  const auto of_first = give(first);
  const auto of_second = give(second);
  const auto of_third = give(third);
  EXPECT_THAT(running(), ElementsAre(first));
  EXPECT_EQ(in_line_->load(), 2u);
  end(delivered_after(3));
  EXPECT_EQ(of_first->outcome->attempts, 3u);
  EXPECT_THAT(running(), ElementsAre(second));
  end(core::refused(core::errc::upstream_rejected));
  EXPECT_EQ(of_second->outcome->error, core::errc::upstream_rejected);
  EXPECT_THAT(running(), ElementsAre(third));
  end();
  EXPECT_TRUE(of_third->outcome->delivered());
  EXPECT_EQ(in_line_->load(), 0u);
}

TEST_F(router_test, has_events_of_other_keys_and_of_none_run_meanwhile) {
  for (const auto* key : {"k", "l", "", ""})
    give(event_of(key));
  EXPECT_THAT(running(), SizeIs(4));
}

TEST_F(router_test, tells_keys_of_two_endpoints_apart) {
  give(event_of("k"));
  endpoint_settings_.id = "other";
  give(event_of("k"));
  EXPECT_THAT(running(), SizeIs(2));
}

TEST_F(router_test, refuses_one_more_than_may_wait) {
  endpoint_settings_.ordering_key.max_waiting = 2;
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(give(event_of("k"))->outcome);
  EXPECT_EQ(give(event_of("k"))->outcome->error, core::errc::saturated);
  EXPECT_FALSE(give(event_of("l"))->outcome);
}

TEST_F(router_test, gives_up_an_event_whose_time_is_up_before_its_turn) {
  const auto first = event_of("k");
  const auto third = event_of("k");
  give(first);
  const auto of_second = give(event_of("k", 1s));
  give(third);
  pass(1s + turn_tick);
  ASSERT_TRUE(of_second->outcome);
  EXPECT_EQ(of_second->outcome->error, core::errc::upstream_timeout);
  EXPECT_EQ(in_line_->load(), 1u);
  end();
  EXPECT_THAT(running(), ElementsAre(third));
}

TEST_F(router_test, waits_no_longer_for_an_event_that_is_not_heard_of) {
  const auto first = event_of("k", 1s);
  const auto second = event_of("k");
  give(first);
  give(second);
  pass(1s + core::lane_grace + turn_tick);
  EXPECT_THAT(running(), ElementsAre(first, second));
  end(); // too late
  EXPECT_THAT(running(), ElementsAre(second));
}

TEST_F(router_test, goes_on_when_the_runner_is_lost) {
  give(event_of("k", 1s));
  const auto second = event_of("k");
  give(second);
  caf::anon_send_exit(runner_, caf::exit_reason::kill);
  const auto next = watch(system_.spawn(hold, &runs_));
  caf::anon_send(router_, wire_atom::value, work_actor{next}, std::uint64_t{0});
  run();
  pass(1s + core::lane_grace + turn_tick);
  ASSERT_THAT(runs_, SizeIs(2));
  EXPECT_EQ(runs_.back().event, second);
}

TEST_F(router_test, keeps_the_order_when_another_configuration_comes) {
  const auto first = event_of("k");
  give(first);
  std::deque<held_event> runs_of_next;
  const auto next = watch(system_.spawn(hold, &runs_of_next));
  caf::anon_send(router_, adopt_atom::value, std::uint64_t{1}, workflow_list{},
                 work_actor{next});
  generation_ = std::make_shared<const core::generation>(core::generation{1});
  const auto second = event_of("k");
  give(second);
  EXPECT_THAT(runs_of_next, IsEmpty());
  end();
  ASSERT_THAT(runs_of_next, SizeIs(1));
  EXPECT_EQ(runs_of_next.front().event, second);
}

TEST_F(router_test, keeps_no_order_where_the_hub_does) {
  router_ = watch(system_.spawn(
      router, work_actor{runner_},
      router_deps{.workflows = {}, .in_line = nullptr, .log = log_}));
  give(event_of("k"));
  give(event_of("k"));
  EXPECT_THAT(running(), SizeIs(2));
}

TEST_F(router_test, looks_at_no_deadlines_while_nothing_is_in_order) {
  give(event_of(""));
  EXPECT_FALSE(scheduler_.has_job());
  EXPECT_THAT(scheduler_.clock().schedule(), IsEmpty());
}

} // namespace
} // namespace mfo::actors::tests
