#include "taskflow/depends.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace mfo::taskflow {

namespace {

using enum task_outcome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using outcomes = std::map<std::string, task_outcome>;

constexpr std::array every_outcome{succeeded, failed,  errored,
                                   skipped,   omitted, cancelled};

depends_expression parsed(std::string_view text) {
  auto result = depends_expression::parse(text);
  if (result)
    return *result;
  ADD_FAILURE() << text << ": " << result.error().offset << ": "
                << result.error().message;
  return {};
}

depends_expression::problem problem_of(std::string_view text) {
  const auto result = depends_expression::parse(text);
  if (!result)
    return result.error();
  ADD_FAILURE() << text << " is good";
  return {};
}

bool holds(const depends_expression& expression, const outcomes& of) {
  return expression.holds([&](std::size_t index) {
    return of.at(expression.mentions().at(index).task);
  });
}

bool holds(std::string_view text, const outcomes& of) {
  return holds(parsed(text), of);
}

std::vector<std::string> tasks_of(const depends_expression& expression) {
  std::vector<std::string> tasks;
  for (const auto& mention : expression.mentions())
    tasks.push_back(mention.task);
  return tasks;
}

std::string repeated(std::size_t times, std::string_view part) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i)
    text += part;
  return text;
}

} // namespace

TEST(depends, without_a_text_holds_always) {
  const depends_expression nothing;
  EXPECT_TRUE(holds(nothing, {}));
  EXPECT_THAT(nothing.mentions(), IsEmpty());
  EXPECT_FALSE(nothing.handles_failure_of("a"));
  EXPECT_FALSE(nothing.handles("a", failed));
}

TEST(depends, a_task_alone_means_that_it_succeeded_or_was_skipped) {
  for (const auto outcome : every_outcome)
    EXPECT_EQ(holds("a", {{"a", outcome}}),
              outcome == succeeded || outcome == skipped)
        << to_string(outcome);
}

TEST(depends, a_named_outcome_means_that_one_alone) {
  for (const auto wanted : every_outcome)
    for (const auto outcome : every_outcome)
      EXPECT_EQ(holds("a." + std::string(to_string(wanted)), {{"a", outcome}}),
                outcome == wanted)
          << to_string(wanted) << ' ' << to_string(outcome);
}

TEST(depends, binds_as_c_does) {
  const auto says = [](std::string_view text, bool a, bool b, bool c) {
    return holds(text, {{"a", a ? succeeded : failed},
                        {"b", b ? succeeded : failed},
                        {"c", c ? succeeded : failed}});
  };
  for (const bool a : {false, true})
    for (const bool b : {false, true})
      for (const bool c : {false, true}) {
        SCOPED_TRACE(testing::Message() << a << b << c);
        EXPECT_EQ(says("a || b && c", a, b, c), a || (b && c));
        EXPECT_EQ(says("a && b || c", a, b, c), (a && b) || c);
        EXPECT_EQ(says("(a || b) && c", a, b, c), (a || b) && c);
        EXPECT_EQ(says("!a && b || c", a, b, c), (!a && b) || c);
        EXPECT_EQ(says("!(a && b) && c", a, b, c), !(a && b) && c);
        EXPECT_EQ(says("!(a || !b) || !!c", a, b, c), !(a || !b) || c);
        EXPECT_EQ(says("a && b && c", a, b, c), a && b && c);
        EXPECT_EQ(says("!(a || b || c)", a, b, c), !(a || b || c));
      }
}

TEST(depends, takes_any_blanks_between_its_parts_or_none) {
  const outcomes good{{"a", succeeded}, {"b-1", failed}, {"2_c", skipped}};
  EXPECT_TRUE(holds("a&&b-1.Failed&&!2_c.Succeeded", good));
  EXPECT_TRUE(holds("\t( a\n&&\r\n b-1.Failed ) && ! 2_c.Failed \n", good));
}

TEST(depends, mentions_each_task_once_where_it_first_stands) {
  const auto expression = parsed(" b.Failed || (a && b) || !c.Omitted");
  EXPECT_THAT(tasks_of(expression), ElementsAre("b", "a", "c"));
  EXPECT_EQ(expression.mentions()[0].offset, 1u);
  EXPECT_EQ(expression.mentions()[1].offset, 14u);
  EXPECT_EQ(expression.mentions()[2].offset, 26u);
}

TEST(depends, a_list_wants_each_of_its_tasks) {
  const auto expression = depends_expression::all_of({"a", "b", "a"});
  EXPECT_THAT(tasks_of(expression), ElementsAre("a", "b"));
  EXPECT_TRUE(holds(expression, {{"a", succeeded}, {"b", skipped}}));
  EXPECT_FALSE(holds(expression, {{"a", succeeded}, {"b", failed}}));
  EXPECT_FALSE(holds(expression, {{"a", omitted}, {"b", succeeded}}));
  EXPECT_FALSE(expression.handles_failure_of("a"));
  EXPECT_TRUE(holds(depends_expression::all_of({}), {}));
}

TEST(depends, handles_a_failure_that_it_looks_for) {
  for (const auto* text :
       {"a.Failed", "a.Errored", "a.Omitted", "a.Cancelled", "!a",
        "!a.Succeeded", "!!a.Failed", "b && (c || a.Failed)", "!(a && b)",
        "!(b || a.Succeeded)", "a || a.Failed"})
    EXPECT_TRUE(parsed(text).handles_failure_of("a")) << text;
}

TEST(depends, does_not_handle_a_failure_that_it_does_not_look_for) {
  for (const auto* text :
       {"a", "a.Succeeded", "a.Skipped", "!a.Failed", "!a.Skipped", "!!a",
        "!(a.Failed || a.Errored)", "a || b.Failed", "!b", "ab.Failed"})
    EXPECT_FALSE(parsed(text).handles_failure_of("a")) << text;
}

TEST(depends, handles_the_outcomes_that_fulfil_a_place_that_names_the_task) {
  EXPECT_TRUE(parsed("a.Failed").handles("a", failed));
  EXPECT_FALSE(parsed("a.Failed").handles("a", errored));
  EXPECT_TRUE(parsed("a.Failed || a.Errored").handles("a", errored));
  EXPECT_TRUE(parsed("!a").handles("a", failed));
  EXPECT_TRUE(parsed("!a").handles("a", errored));
  EXPECT_FALSE(parsed("!a.Failed").handles("a", failed));
  EXPECT_TRUE(parsed("!a.Failed").handles("a", errored));
  EXPECT_FALSE(parsed("!(a.Failed || b)").handles("a", failed));
  EXPECT_TRUE(parsed("!(a.Skipped && b)").handles("a", failed));
  EXPECT_FALSE(parsed("b.Failed").handles("a", failed));
}

TEST(depends, says_where_it_is_wrong) {
  const std::vector<std::tuple<std::string, std::size_t, std::string>> table{
      {"", 0, "the condition is empty"},
      {"  ", 2, "the condition is empty"},
      {"a.Done", 2, "Done is not an outcome"},
      {"a." + repeated(33, "x"), 2, "this is not an outcome"},
      {"a && b.", 7, "an outcome should follow the point"},
      {"a &&", 4, "a task is missing at the end"},
      {"a || || b", 5, "a task should stand here, not |"},
      {"()", 1, "a task should stand here, not )"},
      {"a && (b || c", 5, "this ( is never closed"},
      {"a && b)", 6, "this ) closes nothing"},
      {"a b", 2, "&& or || is missing before this"},
      {"a (b)", 2, "&& or || is missing before this"},
      {"(a !b)", 3, "&& or || is missing before this"},
      {"a & b", 2, "& is not a part of a condition"},
      {"a.Failed.b", 8, ". is not a part of a condition"},
      {"a .Failed", 2, ". is not a part of a condition"},
      {"a == 'Failed'", 2, "= is not a part of a condition"},
      {"a && \xC3\xA4", 5, "a task should stand here, not this character"},
      {std::string("a\0b", 3), 1, "this character is not a part of a"},
  };
  for (const auto& [text, offset, message] : table) {
    const auto problem = problem_of(text);
    EXPECT_EQ(problem.offset, offset) << text;
    EXPECT_THAT(problem.message, HasSubstr(message)) << text;
  }
}

TEST(depends, hints_at_what_was_meant) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"a.Suceeded", "did you mean Succeeded?"},
      {"a.failed", "did you mean Failed?"},
      {"a.CANCELLED", "did you mean Cancelled?"},
      {"a.Canceled", "did you mean Cancelled?"},
      {"a.Finished", "the outcomes are Succeeded, Failed, Errored, Skipped, "
                     "Omitted, Cancelled"},
      {"a & b", "write &&"},
      {"a, b", "write &&"},
      {"a AND b", "write &&"},
      {"a | b", "write ||"},
      {"a or b", "write ||"},
      {"a == b", "write task.Outcome, as in check.Failed"},
      {"a orb", ""},
      {"", "name a task, as in check.Succeeded"},
  };
  for (const auto& [text, hint] : table)
    EXPECT_EQ(problem_of(text).hint, hint) << text;
}

TEST(depends, is_bounded_in_length) {
  EXPECT_TRUE(holds("a" + std::string(4095, ' '), {{"a", succeeded}}));
  EXPECT_THAT(problem_of("a" + std::string(4096, ' ')).message,
              HasSubstr("4 KiB"));
}

TEST(depends, is_bounded_in_depth) {
  EXPECT_FALSE(holds(repeated(63, "!") + "a", {{"a", succeeded}}));
  EXPECT_TRUE(
      holds(repeated(63, "(") + "a" + repeated(63, ")"), {{"a", succeeded}}));
  EXPECT_THAT(problem_of(repeated(64, "!") + "a").message, HasSubstr("deep"));
  EXPECT_EQ(problem_of(repeated(64, "(") + "a").offset, 64u);
  EXPECT_TRUE(holds("a" + repeated(200, "&&(a)"), {{"a", succeeded}}));
}

TEST(depends, is_bounded_in_mentions) {
  EXPECT_TRUE(holds("a" + repeated(255, "||a"), {{"a", succeeded}}));
  const auto problem = problem_of("a" + repeated(256, "||a"));
  EXPECT_THAT(problem.message, HasSubstr("more than 256"));
  EXPECT_EQ(problem.offset, 768u);
}

TEST(depends, is_plain_if_it_asks_that_all_end_well_and_no_more) {
  EXPECT_TRUE(depends_expression{}.is_plain());
  EXPECT_TRUE(depends_expression::all_of({"a", "b"}).is_plain());
  EXPECT_TRUE(parsed("a && (b && c)").is_plain());
  for (const auto* other : {"a || b", "!a", "a.Succeeded", "a && b.Failed"})
    EXPECT_FALSE(parsed(other).is_plain()) << other;
}

TEST(depends, keeps_its_text_for_people) {
  EXPECT_EQ(parsed("a.Failed || !b").text(), "a.Failed || !b");
  EXPECT_EQ(depends_expression{}.text(), "");
  EXPECT_EQ(depends_expression::all_of({"a", "b"}).text(), "");
}

TEST(depends, a_copy_is_the_same) {
  const auto copy = [] {
    const auto original = parsed("a.Failed");
    return original;
  }();
  EXPECT_TRUE(holds(copy, {{"a", failed}}));
  EXPECT_FALSE(holds(copy, {{"a", succeeded}}));
}

} // namespace mfo::taskflow
