#include "actors/handover.hpp"

#include "actors/interfaces.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <utility>
#include <vector>

namespace mfo::actors::tests {
namespace {

class handover_test : public actor_fixture {
protected:
  /// Like router, but for a route.
  using last_actor =
      caf::typed_actor<caf::replies_to<core::event_ptr>::with<core::outcome>>;

  /// What the last one saw, and what it owes.
  struct seen {
    std::vector<core::event_ptr> events;
    std::vector<outcome_promise> promises;
    std::vector<caf::actor_addr> senders;
    std::vector<bool> urgent;
  };

  using seen_ptr = std::shared_ptr<seen>;

  /// Holds every event until it is told how the last of them has ended.
  using holding_actor = last_actor::extend<caf::reacts_to<core::outcome>>;

  static holding_actor::behavior_type hold(holding_actor::pointer self,
                                           const seen_ptr& all) {
    return {[self, all](core::event_ptr& event) {
              const auto& mid = self->current_mailbox_element()->mid;
              all->urgent.push_back(mid.is_urgent_message());
              all->senders.push_back(
                  caf::actor_cast<caf::actor_addr>(self->current_sender()));
              all->events.push_back(std::move(event));
              all->promises.emplace_back(self);
              return caf::delegated<core::outcome>{};
            },
            [all](const core::outcome& result) {
              all->promises.back().deliver(result);
            }};
  }

  static last_actor::behavior_type pass(last_actor::pointer self,
                                        const last_actor& next) {
    return {[self, next](core::event_ptr& event) {
      return pass_on(self, next, std::move(event));
    }};
  }

  std::shared_ptr<pending> ask_first(const core::event_ptr& event) {
    return ask(first_, event);
  }

  void deliver(core::outcome result) {
    caf::anon_send(last_, std::move(result));
    run();
  }

  seen_ptr seen_ = std::make_shared<seen>();
  holding_actor last_ = watch(system_.spawn(hold, seen_));
  last_actor first_ = watch(system_.spawn(pass, last_actor{last_}));
};

TEST_F(handover_test, brings_the_answer_to_who_has_asked_first) {
  const auto event = make_event();
  const auto got = ask_first(event);
  EXPECT_THAT(seen_->events, testing::ElementsAre(event));
  EXPECT_NE(seen_->senders.at(0), first_.address());
  EXPECT_FALSE(got->outcome);
  deliver(core::refused(core::errc::duplicate));
  ASSERT_TRUE(got->outcome);
  EXPECT_EQ(got->outcome->error, core::errc::duplicate);
}

TEST_F(handover_test, keeps_the_priority_of_a_request) {
  ask_first(make_event());
  watch(system_.spawn(
      [event = make_event()](caf::event_based_actor* self,
                             const last_actor& whom) {
        self->request<caf::message_priority::high>(whom, caf::infinite, event)
            .then([](const core::outcome&) {});
      },
      first_));
  run();
  EXPECT_THAT(seen_->urgent, testing::ElementsAre(false, true));
}

TEST_F(handover_test, leaves_the_event_of_a_message_that_others_have_too) {
  const auto event = make_event();
  const auto message = caf::make_message(event);
  caf::anon_send(caf::actor_cast<caf::actor>(first_), message);
  run();
  EXPECT_EQ(message.get_as<core::event_ptr>(0), event);
  EXPECT_THAT(seen_->events, testing::ElementsAre(event));
}

TEST_F(handover_test, gives_an_error_when_the_next_one_is_gone) {
  caf::anon_send_exit(last_, caf::exit_reason::kill);
  run();
  const auto got = ask_first(make_event());
  EXPECT_FALSE(got->outcome);
  ASSERT_TRUE(got->error);
  EXPECT_EQ(*got->error, caf::sec::request_receiver_down);
}

TEST_F(handover_test, answers_once) {
  const auto got = ask_first(make_event());
  EXPECT_TRUE(seen_->promises.back().pending());
  deliver(core::outcome{});
  EXPECT_FALSE(seen_->promises.back().pending());
  deliver(core::refused(core::errc::duplicate));
  ASSERT_TRUE(got->outcome);
  EXPECT_TRUE(got->outcome->delivered());
}

TEST_F(handover_test, is_owed_by_whom_a_promise_was_given_to) {
  const auto got = ask_first(make_event());
  auto taken = std::move(seen_->promises.back());
  deliver(core::refused(core::errc::duplicate));
  EXPECT_FALSE(got->outcome);
  EXPECT_TRUE(taken.pending());
  seen_->promises.back() = std::move(taken);
  deliver(core::outcome{});
  ASSERT_TRUE(got->outcome);
  EXPECT_TRUE(got->outcome->delivered());
}

TEST_F(handover_test, owes_nothing_to_who_did_not_ask) {
  caf::anon_send(first_, make_event());
  run();
  EXPECT_FALSE(seen_->promises.back().pending());
}

TEST_F(handover_test, answers_the_stages_of_a_request_before_its_sender) {
  const auto twice = caf::actor_cast<caf::actor>(watch(system_.spawn(
      [](caf::event_based_actor*, int) -> caf::behavior {
        return {[](core::outcome result) {
          result.attempts *= 2;
          return result;
        }};
      },
      0)));
  auto got = std::make_shared<pending>();
  watch(system_.spawn(
      [got, event = make_event()](caf::event_based_actor* self,
                                  const caf::actor& whom) {
        self->request(whom, caf::infinite, event)
            .then([got](const core::outcome& value) { got->outcome = value; });
      },
      twice * caf::actor_cast<caf::actor>(first_)));
  run();
  core::outcome result;
  result.attempts = 2;
  deliver(result);
  ASSERT_TRUE(got->outcome);
  EXPECT_EQ(got->outcome->attempts, 4U);
}

} // namespace
} // namespace mfo::actors::tests
