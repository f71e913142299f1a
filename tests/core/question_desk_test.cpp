#include "core/question_desk.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace mfo::core {

namespace {

using testing::ElementsAre;
using reason = answer_refusal::reason;

/// A different id each time, in an order that says nothing of their age.
question_desk::random_bytes counting() {
  return [last = std::uint8_t{200}]() mutable {
    std::array<std::uint8_t, 16> bytes{};
    bytes[0] = --last;
    return bytes;
  };
}

struct a_desk : testing::Test {
  question about(std::string text, std::vector<std::string> choices = {}) {
    return {.run = "run-1",
            .workflow = "intake",
            .taskflow = "main",
            .task = "confirm",
            .text = std::move(text),
            .choices = std::move(choices)};
  }

  question_desk::callback remember() {
    return [this](std::string text) {
      answers.push_back(std::move(text));
    };
  }

  std::vector<std::string> answers;
  question_desk desk{counting()};
};

TEST_F(a_desk, hands_an_answer_to_whoever_asked) {
  const auto id = desk.ask(about("Which?"), remember());
  ASSERT_TRUE(id);
  EXPECT_TRUE(desk.answer(*id, "this"));
  EXPECT_THAT(answers, ElementsAre("this"));
  EXPECT_EQ(desk.open(), 0U);
}

TEST_F(a_desk, names_a_question_by_all_the_random_bits) {
  EXPECT_EQ(*desk.ask(about("Which?"), {}), "c7" + std::string(30, '0'));
}

TEST_F(a_desk, shows_what_is_open_oldest_first) {
  auto last = about("second?", {"yes", "no"});
  last.asked_unix = std::chrono::milliseconds{5};
  last.until_unix = std::chrono::milliseconds{9};
  const auto first_id = desk.ask(about("first?"), {});
  const auto id = desk.ask(last, {});
  const auto open = desk.list();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].id, *first_id);
  EXPECT_EQ(open[0].what.text, "first?");
  EXPECT_EQ(open[1].id, *id);
  EXPECT_EQ(open[1].what.task, "confirm");
  EXPECT_THAT(open[1].what.choices, ElementsAre("yes", "no"));
  EXPECT_EQ(open[1].what.until_unix, std::chrono::milliseconds{9});
}

TEST_F(a_desk, takes_one_answer) {
  const auto id = desk.ask(about("Which?"), remember());
  EXPECT_TRUE(desk.answer(*id, "this"));
  const auto again = desk.answer(*id, "that");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().why, reason::unknown);
  EXPECT_THAT(answers, ElementsAre("this"));
}

TEST_F(a_desk, takes_nothing_but_a_choice) {
  const auto id = desk.ask(about("Sure?", {"yes", "no"}), remember());
  for (const auto* wrong : {"", "maybe", "YES", "yes "}) {
    const auto refused = desk.answer(*id, wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().why, reason::not_a_choice);
    EXPECT_THAT(refused.error().choices, ElementsAre("yes", "no"));
  }
  EXPECT_TRUE(desk.answer(*id, "no"));
  EXPECT_THAT(answers, ElementsAre("no"));
}

TEST_F(a_desk, takes_answers_of_4_KiB_and_no_longer) {
  const auto id = desk.ask(about("Which?"), remember());
  const auto refused = desk.answer(*id, std::string(4'097, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().why, reason::too_long);
  EXPECT_TRUE(desk.answer(*id, std::string(4'096, 'x')));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(a_desk, calls_nobody_after_a_question_is_withdrawn) {
  const auto id = desk.ask(about("Which?"), remember());
  EXPECT_TRUE(desk.withdraw(*id));
  EXPECT_FALSE(desk.answer(*id, "this"));
  EXPECT_FALSE(desk.withdraw(*id));
  EXPECT_TRUE(answers.empty());
}

TEST_F(a_desk, cannot_take_back_what_is_answered) {
  const auto id = desk.ask(about("Which?"), remember());
  EXPECT_TRUE(desk.answer(*id, "this"));
  EXPECT_FALSE(desk.withdraw(*id));
}

TEST_F(a_desk, may_be_asked_again_within_an_answer) {
  const auto id = desk.ask(about("First?"), [this](const std::string&) {
    EXPECT_TRUE(desk.ask(about("Second?"), remember()));
  });
  EXPECT_TRUE(desk.answer(*id, "this"));
  EXPECT_EQ(desk.list().front().what.text, "Second?");
}

TEST_F(a_desk, has_room_for_a_thousand_questions) {
  std::atomic<std::uint64_t> last{0};
  question_desk many{[&] {
    std::array<std::uint8_t, 16> bytes{};
    const auto now = last++;
    bytes[0] = static_cast<std::uint8_t>(now);
    bytes[1] = static_cast<std::uint8_t>(now >> 8U);
    return bytes;
  }};
  std::string first;
  for (int i = 0; i < 1'000; ++i) {
    const auto id = many.ask(about("Which?"), {});
    ASSERT_TRUE(id);
    first = first.empty() ? *id : first;
  }
  const auto refused = many.ask(about("Which?"), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(to_string(refused.error()), "too_many_questions");
  EXPECT_TRUE(many.withdraw(first));
  EXPECT_TRUE(many.ask(about("Which?"), {}));
}

TEST_F(a_desk, bounds_the_bytes_of_its_questions) {
  question_desk small{counting(), {.max_question = 300, .max_bytes = 500}};
  const auto too_long = small.ask(about(std::string(300, 'x')), {});
  ASSERT_FALSE(too_long);
  EXPECT_EQ(to_string(too_long.error()), "question_too_long");
  EXPECT_FALSE(small.ask(about("x", {std::string(300, 'x')}), {}))
      << "choices count";
  const auto id = small.ask(about(std::string(250, 'x')), {});
  ASSERT_TRUE(id);
  const auto full = small.ask(about(std::string(250, 'x')), {});
  ASSERT_FALSE(full);
  EXPECT_EQ(to_string(full.error()), "too_many_questions");
  EXPECT_TRUE(small.withdraw(*id));
  EXPECT_TRUE(small.ask(about(std::string(250, 'x')), {}));
}

TEST_F(a_desk, gives_no_id_twice) {
  question_desk stuck{[] {
    return std::array<std::uint8_t, 16>{};
  }};
  EXPECT_TRUE(stuck.ask(about("Which?"), {}));
  EXPECT_FALSE(stuck.ask(about("Which?"), {}));
  EXPECT_EQ(stuck.list().size(), 1U);
}

TEST_F(a_desk, settles_each_question_once_whoever_is_faster) {
  for (int turn = 0; turn < 100; ++turn) {
    std::atomic<int> told{0};
    const auto id =
        desk.ask(about("Which?"), [&](const std::string&) { ++told; });
    bool withdrawn = false;
    std::thread other{[&] {
      withdrawn = desk.withdraw(*id);
    }};
    const bool answered = desk.answer(*id, "this").has_value();
    other.join();
    EXPECT_NE(answered, withdrawn);
    EXPECT_EQ(told, answered ? 1 : 0);
    EXPECT_EQ(desk.open(), 0U);
  }
}

} // namespace

} // namespace mfo::core
