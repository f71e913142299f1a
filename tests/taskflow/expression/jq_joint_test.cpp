#include "taskflow/expression/jq_joint.hpp"

#include "taskflow/expression/jq.hpp"
#include "tests/taskflow/expression/scope.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::taskflow {

namespace {

using tests::fixed_scope;

jq_program read(const std::string& text) {
  auto program = jq_program::read(text);
  EXPECT_TRUE(program) << text;
  return program ? *std::move(program) : *jq_program::read("null");
}

bool joins(std::string_view text) {
  return may_be_joined(read_jq(text));
}

fixed_scope some_scope() {
  fixed_scope in;
  in.the_dot = {{"a", 1}, {"b", {2, 3}}};
  in.roots["INPUT"] = {{"n", 3}};
  in.roots["ITEM"] = "x";
  in.results["t"] = 5;
  return in;
}

/// In the middle of others, of which some are refused by jq: what an
/// expression gives and what is said of it is what it is alone.
void expect_the_same_among_others(const std::vector<std::string>& texts) {
  std::vector<jq_program> programs;
  for (const auto& text : texts)
    programs.push_back(read(text));
  const auto problems = jq_program::compile_all(programs);
  ASSERT_EQ(problems.size(), texts.size());
  const auto in = some_scope();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto alone = jq_program::compile(texts[i]);
    ASSERT_EQ(problems[i].has_value(), !alone) << texts[i];
    if (alone) {
      EXPECT_EQ(programs[i].run(in), alone->run(in)) << texts[i];
      continue;
    }
    EXPECT_EQ(problems[i]->message, alone.error().message) << texts[i];
    EXPECT_EQ(problems[i]->hint, alone.error().hint) << texts[i];
  }
}

TEST(jq_together, gives_what_each_gives_alone) {
  expect_the_same_among_others(
      {".a",
       "$input.n",
       "$tasks.t.result + $input.n",
       "$item",
       "5",
       ".b[] | select(. > 2)",
       ".b[]",
       "empty",
       "error(\"no\")",
       "1 # and a comment",
       "\"n: \\($input.n | \"(\\(.))\")\"",
       "def f: . + 1; .a | f",
       "reduce .b[] as $x (0; . + $x)",
       "[foreach .b[] as $x (0; . + $x)]",
       "label $out | 1, break $out, 2 | select(. == 1)",
       "[label $out | 1, break $out, 2]",
       ".a as $x | .b as [$y, $z] | $z - $y",
       "try error(\"x\") catch .",
       ".c?",
       "[paths]",
       "path(.b[0])",
       ".a |= . + 1",
       "if .a == 1 then 2 else 3 end",
       "{a, (\"c\"): .b}",
       "$input.n // 1 | . * 2, empty",
       "@base64 \"\\(.a)\"",
       "$__loc__.file",
       "$__loc__ | .line",
       "{\"a)\": \"]}\"} | keys[0]",
       "1, 2 | select(. > 1)",
       "\"\\u0028\\\"(\"",
       "test(\"a\")?",
       "1 as $x | 2 as $y | $x + $y",
       ".. | numbers | select(. == 2)",
       "1 ?// 2",
       "[.[]?] | length",
       "def _apart(f): 7; _apart(1)",
       "limit(1; .b[])",
       "-.a",
       ".\n\n"});
}

TEST(jq_together, refuses_what_is_refused_alone_with_the_same_words) {
  expect_the_same_among_others({"1",
                                "1) | (2",
                                "1)) | ((2",
                                ")",
                                "(",
                                "1 end",
                                "1 else 2",
                                "1 | ",
                                "",
                                " ",
                                "# nothing",
                                "def f: 1;",
                                "1; 2",
                                "\"",
                                "\"\\(",
                                "\"a\\(1\"",
                                "\"\\(1))\" | (\"",
                                "1 # )\n) | (",
                                "[1)]",
                                "[(1])",
                                "{",
                                "}",
                                "foo",
                                "foo(1)",
                                "$foo",
                                "$i",
                                "break $out",
                                "_apart(1)",
                                ".a as [$x] ?// $x",
                                "1 as $x",
                                "reduce . as $x (0)",
                                "1 == 2 == 3",
                                "INPUT.n",
                                "\\",
                                "\\\"a\"",
                                "'a'",
                                "label $x",
                                "try",
                                "if 1 then 2",
                                "2"});
}

TEST(jq_together, sees_no_name_of_another_expression) {
  expect_the_same_among_others(
      {"def f: 1; f", "f", "1 as $x | $x", "$x", "$input.n", "$item + \"y\"",
       "label $out | break $out, 1", "break $out", "def map(g): 8; map(1)",
       "[1] | map(. + 1)", "def _time: 9; _time", "0 | todate"});
}

TEST(jq_together, is_only_what_closes_what_it_opens) {
  for (const auto* text :
       {"", "1", "(1)", "\"(\"", "\"\\(1)\"", "\"\\(\"\\(1)\")\"", "# (",
        "[{a: (1)}]", "\"\\\"\"", "\"\\u(\"", ".a // 1", ".a? / 1"})
    EXPECT_TRUE(joins(text)) << text;
  for (const auto* text : {"(",
                           ")",
                           "[",
                           "]",
                           "{",
                           "}",
                           "\"",
                           "\"\\",
                           "\"\\\"",
                           "\"\\(1\"",
                           "\"\\(1",
                           "\"\\(1]\"",
                           "1) | (2",
                           "1] | [2",
                           "1} | {2",
                           "[1)",
                           "(1]",
                           "\"\\(1))\" | (\"",
                           "[(1])",
                           "$__loc__",
                           "_apart(1)",
                           "1 ?// 2",
                           ".a as $x?//$y|1"})
    EXPECT_FALSE(joins(text)) << text;
}

TEST(jq_together, finds_each_of_very_many) {
  const std::size_t count = max_joint + 203; // in two programs
  std::vector<jq_program> programs;
  for (std::size_t i = 0; i < count; ++i)
    programs.push_back(read(".a + " + std::to_string(i)));
  for (const auto& problem : jq_program::compile_all(programs))
    ASSERT_FALSE(problem) << problem->message;
  const auto in = some_scope();
  for (std::size_t i = 0; i < count; ++i)
    ASSERT_EQ(programs[i].run(in), json(i + 1));
}

/// As the code of all in one piece would be longer than a jump can be.
TEST(jq_together, may_be_large) {
  std::string list = "[0";
  while (list.size() < 8'000)
    list += ",.a//1";
  std::vector<jq_program> programs;
  for (std::size_t i = 0; i < 4; ++i)
    programs.push_back(read(list + "] | length + " + std::to_string(i)));
  for (const auto& problem : jq_program::compile_all(programs))
    ASSERT_FALSE(problem) << problem->message;
  const auto in = some_scope();
  const auto items = (list.size() - 2) / 6 + 1;
  for (std::size_t i = 0; i < programs.size(); ++i)
    EXPECT_EQ(programs[i].run(in), json(items + i));
}

TEST(jq_together, does_not_run_before_it_is_compiled) {
  const auto program = read("1");
  const auto copy = program;
  EXPECT_EQ(copy.run(fixed_scope()).error(), "has not been compiled");
  EXPECT_FALSE(jq_program::compile_all({program}).front());
  EXPECT_EQ(copy.run(fixed_scope()), json(1));
}

/// As an expression's scope may evaluate another one, of the same program.
TEST(jq_together, may_run_within_another_run) {
  const std::vector programs{read(".a"), read(". + 1"), read("2")};
  for (const auto& problem : jq_program::compile_all(programs))
    ASSERT_FALSE(problem);
  class nested_scope : public fixed_scope {
  public:
    explicit nested_scope(const jq_program& inner) : inner_(inner) {}
    json dot() const override {
      return *inner_.run(some_scope());
    }

  private:
    const jq_program& inner_;
  };
  EXPECT_EQ(programs[1].run(nested_scope(programs[0])), json(2));
}

TEST(jq_together, runs_on_several_threads_at_once) {
  constexpr std::size_t threads = 4;
  std::vector<jq_program> programs;
  for (std::size_t i = 0; i < threads; ++i)
    programs.push_back(
        read("[.b[] | tostring | gsub(\"2\"; \"" + std::to_string(i) + "\")]"));
  for (const auto& problem : jq_program::compile_all(programs))
    ASSERT_FALSE(problem);
  std::atomic<int> wrong = 0;
  std::latch start(threads);
  {
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < threads; ++i)
      running.emplace_back([&, i] {
        const auto in = some_scope();
        start.arrive_and_wait();
        for (std::size_t round = 0; round < 200; ++round) {
          const auto which = (i + round) % threads;
          const json want{std::to_string(which), "3"};
          wrong += programs[which].run(in) == want ? 0 : 1;
        }
      });
  }
  EXPECT_EQ(wrong, 0);
}

} // namespace

} // namespace mfo::taskflow
