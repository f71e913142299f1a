#include "node/actor_question.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

caf::behavior doubler() {
  return {[](int number) {
    return 2 * number;
  }};
}

/// Never answers: its promise is kept, and kept back.
caf::behavior silent(caf::stateful_actor<caf::response_promise>* self) {
  return {[self](int) {
    self->state = self->make_response_promise();
    return self->state;
  }};
}

struct a_question : testing::Test {
  caf::actor_system_config config;
  caf::actor_system system{config};
  actor_question<int> question;
};

TEST_F(a_question, is_answered) {
  const auto answer = question.ask(system, system.spawn(doubler), 10s, 4);
  ASSERT_TRUE(answer) << answer.error();
  EXPECT_EQ(*answer, 8);
}

TEST_F(a_question, can_be_asked_again) {
  const auto whom = system.spawn(doubler);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(question.ask(system, whom, 10s, i).value_or(-1), 2 * i);
}

TEST_F(a_question, has_no_answer_in_time) {
  const auto whom = system.spawn(silent);
  const auto answer = question.ask(system, whom, 1ms, 4);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error(), HasSubstr("timeout"));
  caf::anon_send_exit(whom, caf::exit_reason::kill);
}

TEST_F(a_question, can_be_given_up_by_another_thread) {
  const auto whom = system.spawn(silent);
  std::thread other{[this] {
    question.abandon();
  }};
  const auto answer = question.ask(system, whom, caf::infinite, 4);
  other.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), "given up");
  EXPECT_FALSE(question.ask(system, whom, caf::infinite, 4)) << "for good";
  caf::anon_send_exit(whom, caf::exit_reason::kill);
}

} // namespace

} // namespace mfo::node
