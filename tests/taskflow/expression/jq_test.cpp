#include "taskflow/expression/jq.hpp"

#include "tests/taskflow/expression/scope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace mfo::taskflow {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using tests::fixed_scope;

jq_program compile(const std::string& text) {
  auto program = jq_program::compile(text);
  EXPECT_TRUE(program) << text << ": "
                       << (program ? "" : program.error().message);
  return program ? *std::move(program) : *jq_program::compile("null");
}

jq_program::problem problem(const std::string& text) {
  const auto program = jq_program::compile(text);
  EXPECT_FALSE(program) << text;
  return program ? jq_program::problem() : program.error();
}

tl::expected<json, std::string> evaluate(const std::string& text,
                                         const json& dot = {}) {
  fixed_scope in;
  in.the_dot = dot;
  in.roots["INPUT"] = {{"n", 3}};
  in.results["a"] = 1;
  return compile(text).run(in);
}

json value(const std::string& text, const json& dot = {}) {
  const auto result = evaluate(text, dot);
  EXPECT_TRUE(result) << text << ": " << (result ? "" : result.error());
  return result ? *result : json();
}

std::string error(const std::string& text, const json& dot = {}) {
  const auto result = evaluate(text, dot);
  EXPECT_FALSE(result) << text;
  return result ? "" : result.error();
}

// --- what it sees ------------------------------------------------------------

TEST(jq, has_the_dot_and_the_roots) {
  EXPECT_EQ(value(".a", {{"a", 1}}), json(1));
  EXPECT_EQ(value("$input.n + .a", {{"a", 1}}), json(4));
  EXPECT_EQ(
      value("[$trigger, $context, $item, $index, $iteration, $error]"),
      json::array({nullptr, nullptr, nullptr, nullptr, nullptr, nullptr}));
  EXPECT_EQ(value("$tasks.a | [.outcome, .result]"),
            json::array({"Succeeded", 1}));
  EXPECT_EQ(value("\"n is \\($input.n)\""), json("n is 3"));
}

TEST(jq, keeps_nothing_of_one_run_for_the_next) {
  const auto program = compile(".[0], .[1] | select(. != null)");
  fixed_scope in;
  in.the_dot = json::array({1, 2});
  EXPECT_FALSE(program.run(in)); // two values; the rest is not asked for
  in.the_dot = json::array({3});
  EXPECT_EQ(program.run(in), json(3));
}

TEST(jq, gives_exactly_one_value) {
  EXPECT_EQ(error("empty"), "gives no value");
  EXPECT_EQ(error(".[]", {1, 2}), "gives more than one value");
  EXPECT_EQ(error("1, error(\"late\")"), "late");
  EXPECT_EQ(value("first(.[])", {1, 2}), json(1));
}

TEST(jq, says_what_is_wrong_in_a_line) {
  EXPECT_THAT(error(".a", 5), HasSubstr("Cannot index number with"));
  EXPECT_EQ(error("error(\"a\\n b\")"), "a b");
  EXPECT_EQ(error("error({a: 1})"), R"({"a":1})");
  EXPECT_EQ(error("error(null)"), "gives no value");
  EXPECT_LE(error("error(\"x\" * 5000)").size(), 300);
}

TEST(jq, says_what_cannot_be_compiled) {
  EXPECT_THAT(problem(".a |").message, HasSubstr("unexpected end"));
  EXPECT_EQ(problem("foo(1)").message, "foo/1 is not defined");
  EXPECT_EQ(problem("$foo").message, "$foo is not defined");
  EXPECT_THAT(problem("$foo").hint, HasSubstr("$input"));
  EXPECT_THAT(problem("INPUT | length").hint, HasSubstr("$input"));
  for (const auto* text : {"(", ")", "{", "}", "\"", "\"\\(", ".[", "%%", "'a'",
                           "\xff", ".a\n|\n|", "@"})
    EXPECT_THAT(problem(text).message, Not(HasSubstr("\n"))) << text;
}

TEST(jq, knows_the_tasks_and_roots_it_names) {
  const auto program = compile(
      "$tasks.a.result + $tasks[\"b c\"] + $tasks.\"d\" + ($tasks | .e) + "
      "\"\\($tasks.f)\" + $input + $error");
  EXPECT_THAT(program.tasks(), ElementsAre("a", "b c", "d", "f"));
  EXPECT_THAT(program.roots(), ElementsAre("INPUT", "ERROR"));
  EXPECT_THAT(compile("\"$tasks.a $input\" # $tasks.b").tasks(), IsEmpty());
}

TEST(jq, asks_for_its_dot_unless_it_surely_does_not_look_at_it) {
  const auto asks = [](const std::string& text) {
    fixed_scope in;
    in.the_dot = {{"a", {{"b", 1}}}};
    in.roots["ITEM"] = {{"n", 3}, {"list", {1, 2}}};
    static_cast<void>(compile(text).run(in));
    return in.asked_for_dot > 0;
  };
  for (const auto* text :
       {"$item.n", "$item.n > 5", "$item.list[0]", "$item[\"n\"]",
        "$item.n | . + 1", "$item | .n", "-$item.n * 2 >= 1 and true",
        "$item.x // \"none\"", "$item | .n, .", "$item.n == 3 or $item.n != 4",
        "$item | .n, .", "5"})
    EXPECT_FALSE(asks(text)) << text;
  for (const auto* text : {".",
                           ".a",
                           ".. ",
                           "$item == .a",
                           "$item .n + .a.b",
                           "[.a]",
                           "{a}",
                           "{a: .a}",
                           "(.a)",
                           "\"\\(.a)\"",
                           "length",
                           ".[\"a\"]",
                           "$item[.a.b]",
                           "$item as $x | .a",
                           "if true then .a else 1 end",
                           "$item.n = 1",
                           "$item.n |= 1",
                           "$item.n += 1",
                           "@base64",
                           "@text \"x\"",
                           ".\"a\"",
                           "def f: .a; f",
                           "reduce .a as $x (0; 1)"})
    EXPECT_TRUE(asks(text)) << text;
}

TEST(jq, asks_only_for_the_tasks_that_it_names) {
  class noting_scope : public fixed_scope {
  public:
    json tasks(const std::vector<std::string>& named) const override {
      asked = named;
      return fixed_scope::tasks(named);
    }
    mutable std::vector<std::string> asked{"nothing"};
  };
  noting_scope in;
  in.results["a"] = 1;
  in.results["b"] = 2;
  EXPECT_EQ(compile("$tasks.a.result").run(in), json(1));
  EXPECT_THAT(in.asked, ElementsAre("a"));
  EXPECT_EQ(compile("$tasks.a as $a | $tasks | length").run(in), json(2));
  EXPECT_THAT(in.asked, IsEmpty());
}

// --- what it must not reach --------------------------------------------------

TEST(jq, does_not_reach_out_of_the_workflow) {
  for (const std::string text : {"input",
                                 "[inputs]",
                                 "debug",
                                 "stderr",
                                 "env",
                                 "$ENV",
                                 "$ENV.PATH",
                                 "input_filename",
                                 "halt",
                                 "halt_error",
                                 "1 | halt_error(1)",
                                 "import \"a\" as a; 1",
                                 "include \"a\"; 1",
                                 "modulemeta",
                                 "get_search_list",
                                 "input_line_number",
                                 "{a: env}",
                                 "[.[] | env]",
                                 "\"\\(env)\"",
                                 "@json \"\\($ENV)\"",
                                 "def f: input; f",
                                 "$ ENV"})
    EXPECT_THAT(problem(text).message, HasSubstr("is not allowed")) << text;
}

TEST(jq, does_not_take_a_key_or_a_field_for_a_function) {
  EXPECT_EQ(value("{input: 1, env: 2} | .input + .env + .[\"input\"]? // 3"),
            json(4));
  EXPECT_EQ(value("{input} | .input", {{"input", 7}}), json(7));
  EXPECT_EQ(value("\"debug env\" # halt"), json("debug env"));
}

TEST(jq, has_no_secrets) {
  for (const auto* text : {"SECRETS.a", "$secrets.a", "\"\\(SECRETS.a)\""}) {
    EXPECT_THAT(problem(text).message, HasSubstr("secret")) << text;
    EXPECT_THAT(problem(text).hint, HasSubstr("${SECRETS.<name>}"));
  }
}

TEST(jq, is_bounded_in_length_and_depth) {
  EXPECT_EQ(value("1" + std::string(max_expression - 1, ' ')), json(1));
  EXPECT_THAT(problem("1" + std::string(max_expression, ' ')).message,
              HasSubstr("longer than 8192 bytes"));
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "1" + std::string(depth, ')');
  };
  EXPECT_EQ(value(nested(max_expression_depth)), json(1));
  EXPECT_THAT(problem(nested(max_expression_depth + 1)).message,
              HasSubstr("deeper than 64"));
  EXPECT_THAT(problem(std::string("1\0", 2)).message, HasSubstr("zero byte"));
}

// --- what jq 1.6 cannot take -------------------------------------------------

TEST(jq, survives_numbers_that_are_no_time) {
  EXPECT_EQ(value("todate", 0), json("1970-01-01T00:00:00Z"));
  EXPECT_EQ(value("strftime(\"%Y\")", 86400 * 366), json("1971"));
  EXPECT_EQ(value("\"2024-02-29T01:02:03Z\" | fromdate | todate"),
            json("2024-02-29T01:02:03Z"));
  for (const auto* text : {"todate", "strftime(\"%Y\")", "todateiso8601",
                           "strflocaltime(\"%Y\")", "map(todate)?, todate"})
    for (const double number : {1e300, -1e300, 1e17, -1e18})
      EXPECT_THAT(error(text, number), HasSubstr("is no time")) << text;
}

TEST(jq, survives_regular_expressions_that_match_nothing) {
  const json texts = {"", "a", "é", "aà", "äöü", "x é  à ", "日本 \U0001F600"};
  for (const std::string regex :
       {"", "x*", "\\s*$", "^", "$", "\\b", "(?=b)", "(?<n>x)?", "(x)*", "|a"})
    EXPECT_EQ(value("map(" + json(regex).dump() + R"( as $re |
        [match($re; "g"), match([$re, "gx"]), scan($re), capture($re; "g"),
         split($re; null), splits($re), gsub($re; "-"), sub($re; "-"),
         sub($re; "-"; "g")] | length > 4) | all)",
                    texts),
              json(true))
        << regex;
  EXPECT_EQ(value("[gsub(\"x*\"; \"-\"), split(\" *\"; null)]", "xé x"),
            json({"-é -", {"xé", "x"}}));
}

TEST(jq, has_regular_expressions) {
  EXPECT_EQ(value("gsub(\"[aé]\"; \"-\")", "aéxé"), json("--x-"));
  EXPECT_EQ(value("gsub(\"^a\"; \"\")", "aab"), json("ab"));
  EXPECT_EQ(value("gsub(\"(?<d>\\\\d)\"; \"<\\(.d)>\")", "ä1b2"),
            json("ä<1>b<2>"));
  EXPECT_EQ(value("gsub(\"A\"; \"-\"; \"i\")", "aba"), json("-b-"));
  EXPECT_EQ(value("sub(\"a\"; \"-\")", "aba"), json("-ba"));
  EXPECT_EQ(value("sub(\"x\"; \"-\")", "aba"), json("aba"));
  EXPECT_EQ(value("sub(\"a\"; \"-\"; \"g\")", "aba"), json("-b-"));
  EXPECT_EQ(value("[sub(\"a\"; \"1\", \"2\")]", "ab"), json({"1b", "2b"}));
  EXPECT_EQ(value("split(\", *\"; null)", "a,b,  c"), json({"a", "b", "c"}));
  EXPECT_EQ(value("[splits(\"é\")]", "1é2é"), json({"1", "2", ""}));
  EXPECT_EQ(value("split(\",\")", "a,b"), json({"a", "b"}));
  EXPECT_EQ(value("[scan(\"[a-z]\")]", "aéb"), json({"a", "b"}));
  EXPECT_EQ(value("[scan(\"(.)=(.)\")]", "a=1 b=2"),
            json::parse(R"([["a","1"],["b","2"]])"));
  EXPECT_EQ(value("capture(\"(?<k>\\\\w+)=(?<v>\\\\w+)\")", "a=1"),
            json({{"k", "a"}, {"v", "1"}}));
  EXPECT_EQ(
      value("[match(\"b\").offset, test(\"B\"), test(\"B\"; \"i\")]", "äb"),
      json({1, false, true}));
  EXPECT_THAT(error("test(\"(\")", "a"), HasSubstr("Regex failure"));
  EXPECT_THAT(error("gsub(\"a\"; \"b\")", 1), HasSubstr("cannot be matched"));
}

TEST(jq, survives_the_search_for_nothing) {
  EXPECT_EQ(value("[index(\"\"), rindex(\"\"), indices(\"\")]", "abc"),
            json({nullptr, nullptr, json::array()}));
  EXPECT_EQ(value("[index(\"b\"), rindex(\"b\"), indices(\"b\")]", "abcb"),
            json({1, 3, {1, 3}}));
  EXPECT_EQ(value("[index(2), indices([2, 3])]", {1, 2, 3}),
            json({1, json::array({1})}));
}

TEST(jq, survives_remainders_of_the_least_integer) {
  EXPECT_EQ(value(".[0] % .[1]", {-9223372036854775807 - 1, -1}), json(0));
  EXPECT_EQ(value(".[0] % .[1]", {-1e300, -1.5}), json(0));
  EXPECT_EQ(value("[(7, 8) % (4, 5)]"), json({3, 0, 2, 3}));
  EXPECT_EQ(value(". % -3", 7), json(1));
  EXPECT_EQ(value(". %= 4", 7), json(3));
  EXPECT_THAT(error(". % 0", 1), HasSubstr("divisor is zero"));
  EXPECT_THAT(error(". % -1", "a"), HasSubstr("cannot be divided"));
}

TEST(jq, survives_numbers_that_are_none) {
  EXPECT_FALSE(evaluate("tonumber", "nan"));
  EXPECT_FALSE(evaluate(".[(.|fromjson):]", "nan"));
  EXPECT_FALSE(evaluate("fromjson", R"({"a": [NaN]})"));
  EXPECT_THAT(error("nan"), HasSubstr("not-a-number"));
  EXPECT_EQ(value("[.[] | tonumber]", {"1", 2}), json({1, 2}));
  EXPECT_EQ(value("fromjson", R"({"a": [1]})"), json({{"a", {1}}}));
}

TEST(jq, survives_writing_far_beyond_a_list) {
  const json far = 300'000'000;
  for (const auto* text :
       {". as $n | [] | .[$n] = 1", ". as $n | [] | .[$n] |= 1",
        ". as $n | [] | .[$n] += 1", ". as $n | [[]] | .[0][$n] //= 1",
        "[.] as $p | [] | setpath($p; 1)",
        ". as $n | [] | .[$n:] = [1] | .[$n] = 1",
        ". as $n | fromstream([[$n], 1], [[$n]])"})
    EXPECT_THAT(error(text, far), HasSubstr("above 1000000")) << text;
  EXPECT_EQ(value(".[2] = 1", json::array()), json({nullptr, nullptr, 1}));
  EXPECT_EQ(value(".[1:] = [5]", {1, 2, 3}), json({1, 5}));
  EXPECT_EQ(value("(.a, .b) |= . + 1", {{"a", 1}, {"b", 2}}),
            json({{"a", 2}, {"b", 3}}));
  EXPECT_EQ(error(".a += 1 | .b //= 2 | .c = (.a, 9)", {{"a", 1}}),
            "gives more than one value");
  EXPECT_EQ(value("fromstream(tostream)", {{"a", {1, {{"b", 2}}}}}),
            json({{"a", {1, {{"b", 2}}}}}));
  EXPECT_EQ(value("map_values(. + 1) | with_entries(.value += 1)", {{"a", 1}}),
            json({{"a", 3}}));
}

// --- threads -----------------------------------------------------------------

TEST(jq, runs_on_several_threads_at_once) {
  constexpr int threads = 4;
  const auto program =
      compile("[.[] | tostring | gsub(\"1\"; \"é\")] | join(\",\")");
  std::atomic<int> wrong = 0;
  std::latch start(threads);
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i)
      running.emplace_back([&, i] {
        fixed_scope in;
        in.the_dot = json::array({i, "1"});
        const auto want =
            json((i == 1 ? "é" : std::to_string(i)) + std::string(",é"));
        start.arrive_and_wait();
        for (int round = 0; round < 200; ++round)
          wrong += program.run(in) == want ? 0 : 1;
      });
  }
  EXPECT_EQ(wrong, 0);
}

TEST(jq, compiles_on_several_threads_at_once) {
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < 4; ++i)
      running.emplace_back([&wrong, i] {
        fixed_scope in;
        in.the_dot = "é1";
        const auto program =
            jq_program::compile("test(\"1\") | not | " + std::to_string(i));
        wrong += program && program->run(in) == json(i) ? 0 : 1;
      });
  }
  EXPECT_EQ(wrong, 0);
}

} // namespace

} // namespace mfo::taskflow
