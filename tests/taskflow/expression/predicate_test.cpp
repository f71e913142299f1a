#include "config/document.hpp"
#include "taskflow/expression/value_template.hpp"
#include "tests/taskflow/expression/scope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::taskflow {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using tests::fixed_scope;

constexpr config::place here{3, 5};

predicate compile(const std::string& text) {
  auto compiled = predicate::compile(text, here);
  EXPECT_TRUE(compiled) << text << ": "
                        << (compiled ? "" : compiled.error().message);
  return compiled ? *std::move(compiled) : *predicate::compile("true", here);
}

fixed_scope a_scope() {
  fixed_scope in;
  in.roots["INPUT"] = {{"yes", true}, {"no", false}, {"n", 3}};
  in.results["check"] = {{"ok", true}};
  in.the_dot = {{"label", "bug"}};
  return in;
}

bool holds(const std::string& text) {
  const auto verdict = compile(text).evaluate(a_scope());
  EXPECT_TRUE(verdict) << text << ": "
                       << (verdict ? "" : to_string(verdict.error()));
  return verdict.value_or(false);
}

std::string error(const std::string& text) {
  const auto verdict = compile(text).evaluate(a_scope());
  EXPECT_FALSE(verdict) << text;
  return verdict ? "" : to_string(verdict.error());
}

TEST(predicate, is_jq_that_is_true_or_false) {
  EXPECT_TRUE(holds(R"(.label == "bug")"));
  EXPECT_FALSE(holds(R"(.label == "feature")"));
  EXPECT_TRUE(holds("$input.n > 2 and $tasks.check.result.ok"));
  EXPECT_TRUE(holds("$item == null"));
}

TEST(predicate, is_a_path) {
  EXPECT_TRUE(holds("INPUT.yes"));
  EXPECT_FALSE(holds("INPUT.no"));
  EXPECT_TRUE(holds(" check.result.ok "));
}

TEST(predicate, may_stand_in_braces) {
  EXPECT_TRUE(holds("${INPUT.yes}"));
  EXPECT_TRUE(holds(R"(${.label == "bug"})"));
}

TEST(predicate, takes_nothing_else_for_true) {
  EXPECT_EQ(error("INPUT.n"),
            "3:5: INPUT.n: is a number, neither true nor false");
  EXPECT_EQ(error(".label"), "3:5: .label: is a text, neither true nor false");
  EXPECT_EQ(error("null"), "3:5: null: is null, neither true nor false");
}

TEST(predicate, has_exactly_one_value) {
  EXPECT_EQ(error("empty"), "3:5: empty: gives no value");
  EXPECT_EQ(error("true, true"), "3:5: true, true: gives more than one value");
}

TEST(predicate, says_what_it_refers_to) {
  using kind = reference::kind;
  EXPECT_THAT(compile("$input.n > 2 and $tasks.check.result.ok").references(),
              ElementsAre(reference{kind::root, "INPUT", here},
                          reference{kind::task, "check", here}));
  EXPECT_THAT(compile("check.result.ok").references(),
              ElementsAre(reference{kind::task, "check", here}));
  EXPECT_THAT(compile(".a").references(), IsEmpty());
}

TEST(predicate, shows_itself_without_braces_in_one_line) {
  EXPECT_EQ(compile("${ .a ==\n  1 }").shown(), ".a == 1");
  EXPECT_EQ(compile("check.result.ok").shown(), "check.result.ok");
}

TEST(predicate, says_what_is_wrong_and_where) {
  const auto compiled = predicate::compile(".a ==", here);
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().where, here);
  EXPECT_THAT(compiled.error().message, HasSubstr("`.a ==`: syntax error"));
  EXPECT_FALSE(predicate::compile("", here));
  EXPECT_FALSE(predicate::compile("${}", here));
}

} // namespace

} // namespace mfo::taskflow
