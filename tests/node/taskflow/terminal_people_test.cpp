#include "node/taskflow/terminal_people.hpp"

#include "node/taskflow/run_observers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <string_view>
#include <vector>

namespace mfo::node {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A person at the terminal, whose keyboard is a pipe in the place of standard
/// input.
class a_question_at_the_terminal : public testing::Test {
protected:
  a_question_at_the_terminal() : kept_(::dup(STDIN_FILENO)) {
    if (::pipe(pipe_.data()) == 0)
      ::dup2(pipe_[0], STDIN_FILENO);
  }

  ~a_question_at_the_terminal() override {
    ::dup2(kept_, STDIN_FILENO);
    ::close(kept_);
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }

  void type(std::string_view text) const {
    EXPECT_EQ(::write(pipe_[1], text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }

  /// A step, and what it wrote.
  std::string step() {
    testing::internal::CaptureStderr();
    prompt_.step(0ms);
    return testing::internal::GetCapturedStderr();
  }

  std::string ask() {
    return *desk_->ask(
        {.task = "pay", .text = "Pay 5 EUR?", .choices = {"yes", "no"}},
        [this](std::string answer) { answers_.push_back(std::move(answer)); });
  }

  std::uint8_t number_ = 0;
  std::shared_ptr<core::question_desk> desk_ =
      std::make_shared<core::question_desk>(
          [this] { return std::array<std::uint8_t, 16>{++number_}; });
  std::vector<std::string> answers_;
  std::vector<bool> asking_;
  question_prompt prompt_{desk_, [this](bool asking) {
                            asking_.push_back(asking);
                          }};

private:
  int kept_;
  std::array<int, 2> pipe_{};
};

TEST_F(a_question_at_the_terminal, is_shown_and_answered_by_a_line) {
  EXPECT_EQ(step(), "");
  ask();
  EXPECT_EQ(step(), "\npay: Pay 5 EUR?\n(yes / no)\n> ");
  EXPECT_EQ(step(), "") << "it is shown once";
  type("ye");
  step();
  EXPECT_THAT(answers_, IsEmpty());
  type("s\n");
  step();
  EXPECT_THAT(answers_, ElementsAre("yes"));
}

TEST_F(a_question_at_the_terminal, is_asked_again_after_a_wrong_answer) {
  ask();
  step();
  type("maybe\nno\n");
  EXPECT_THAT(step(), HasSubstr("none of the choices"));
  EXPECT_THAT(answers_, ElementsAre("no"));
}

TEST_F(a_question_at_the_terminal, has_the_terminal_while_it_is_open) {
  ask();
  EXPECT_THAT(asking_, IsEmpty());
  step();
  EXPECT_THAT(asking_, ElementsAre(true));
  type("yes\n");
  step();
  EXPECT_THAT(asking_, ElementsAre(true, false));
}

TEST_F(a_question_at_the_terminal, gives_way_when_nobody_waits_any_more) {
  const auto id = ask();
  step();
  desk_->withdraw(id);
  EXPECT_EQ(step(), "\n") << "what comes next begins a line";
  EXPECT_THAT(asking_, ElementsAre(true, false));
}

TEST(a_progress_display, draws_nothing_over_a_question) {
  const auto workflow = std::make_shared<taskflow::workflow>();
  workflow->taskflows.emplace_back().id = "main";
  actors::run_info run;
  run.workflow = workflow;
  progress_display shown{
      {.terminal = true, .colour = false, .width = 60, .max_rows = 3}};
  shown.began(run);
  testing::internal::CaptureStderr();
  shown.redraw();
  shown.pause();
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::EndsWith("\x1b[1A\x1b[J"));
  testing::internal::CaptureStderr();
  shown.redraw();
  shown.moment(run, {.what = taskflow::task_moment::kind::ended,
                     .path = "a",
                     .type = "set",
                     .at = {},
                     .outcome = taskflow::task_outcome::failed,
                     .error = taskflow::run_error{"gone", "no", "a"}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStderr();
  shown.resume();
  const auto told = testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr("Failed     a"));
  EXPECT_THAT(told, Not(HasSubstr("\x1b[1A")));
}

} // namespace
} // namespace mfo::node
