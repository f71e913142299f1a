#include "taskflow/expression/value_template.hpp"

#include "config/document.hpp"
#include "taskflow/expression/jq.hpp"
#include "tests/taskflow/expression/scope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace mfo::taskflow {

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using tests::fixed_scope;

config::node_ptr parse(const std::string& yaml) {
  const auto document = config::parse_document("v: " + yaml, "flow.yaml");
  EXPECT_TRUE(document) << yaml;
  return document ? (*document)->entries.front().value
                  : std::make_shared<config::node>();
}

value_template compile(const std::string& yaml) {
  auto compiled = value_template::compile(*parse(yaml));
  EXPECT_TRUE(compiled) << yaml << ": "
                        << (compiled ? "" : compiled.error().front().message);
  return compiled ? *compiled : value_template();
}

std::vector<expression_problem> problems(const std::string& yaml) {
  const auto compiled = value_template::compile(*parse(yaml));
  EXPECT_FALSE(compiled) << yaml;
  return compiled ? std::vector<expression_problem>() : compiled.error();
}

/// Its message; that of the only one.
std::string problem(const std::string& yaml) {
  const auto all = problems(yaml);
  EXPECT_EQ(all.size(), 1) << yaml;
  return all.empty() ? "" : all.front().message;
}

fixed_scope a_scope() {
  fixed_scope in;
  in.roots["INPUT"] = {{"email", "a@b"},
                       {"n", 3},
                       {"big", 9007199254740993},
                       {"list", {1, {{"x", "second"}}, 3}},
                       {"a key", true},
                       {"nothing", nullptr},
                       {"a-b", "dash"}};
  in.roots["INDEX"] = 4;
  in.results["classify"] = {{"label", "bug"}, {"title", "It broke"}};
  in.results["count"] = 7;
  in.results["2fa-code"] = {{"digits", 6}};
  in.secrets["token"] = "hush";
  in.the_dot = {{"label", "bug"}, {"items", {1, 2}}};
  return in;
}

json value(const std::string& yaml) {
  const auto result = compile(yaml).evaluate(a_scope());
  EXPECT_TRUE(result) << yaml << ": "
                      << (result ? "" : to_string(result.error()));
  return result ? *result : json();
}

std::string error(const std::string& yaml) {
  const auto result = compile(yaml).evaluate(a_scope());
  EXPECT_FALSE(result) << yaml;
  return result ? "" : to_string(result.error());
}

// --- literals ----------------------------------------------------------------

TEST(value_template, is_null_if_nothing_is_said) {
  ASSERT_NE(value_template().as_constant(), nullptr);
  EXPECT_EQ(*value_template().as_constant(), json());
  EXPECT_THAT(value_template().references(), IsEmpty());
}

TEST(value_template, of_a_constant_is_that) {
  const auto made = value_template::constant({{"a", 1}});
  EXPECT_EQ(*made.as_constant(), json({{"a", 1}}));
  EXPECT_EQ(*made.evaluate(fixed_scope()), json({{"a", 1}}));
}

TEST(value_template, reads_scalars_as_yaml_does) {
  EXPECT_EQ(value("1"), json(1));
  EXPECT_EQ(value("-0x0"), json("-0x0"));
  EXPECT_EQ(value("0x10"), json(16));
  EXPECT_EQ(value("1.5"), json(1.5));
  EXPECT_EQ(value("true"), json(true));
  EXPECT_EQ(value("~"), json());
  EXPECT_EQ(value(""), json());
  EXPECT_EQ(value("'1'"), json("1"));
  EXPECT_EQ(value("yes"), json("yes"));
  EXPECT_EQ(value("\"a\\nb\""), json("a\nb"));
}

TEST(value_template, without_expressions_is_a_constant) {
  for (const auto* yaml : {"1", "a text", "[1, {a: b}]", "{}", "[]", "$${x}"})
    EXPECT_NE(compile(yaml).as_constant(), nullptr) << yaml;
  for (const auto* yaml : {"INPUT.a", "${1}", "[1, {a: INPUT.b}]", "a${1}"})
    EXPECT_EQ(compile(yaml).as_constant(), nullptr) << yaml;
}

TEST(value_template, knows_tasks_by_any_id) {
  EXPECT_EQ(value("2fa-code.result.digits"), json(6));
  EXPECT_EQ(value("${2fa-code.result.digits}"), json(6));
  EXPECT_EQ(value("2fa-code.results"), json("2fa-code.results"));
}

TEST(value_template, fills_in_lists_and_maps) {
  EXPECT_EQ(value("{a: [1, INPUT.n], INPUT.n: '${.items | length}'}"),
            json::parse(R"({"a": [1, 3], "INPUT.n": 2})"));
}

TEST(value_template, refuses_a_number_that_json_has_not) {
  EXPECT_THAT(problem(".inf"), HasSubstr("JSON has no such number"));
  EXPECT_THAT(problem("1e999"), HasSubstr("too large"));
}

TEST(value_template, refuses_a_key_twice) {
  const auto all = problems("{a: 1, b: {c: 1, c: 2}}");
  ASSERT_EQ(all.size(), 1);
  EXPECT_EQ(all[0].where, (config::place{1, 21}));
  EXPECT_THAT(all[0].message, HasSubstr("twice"));
}

TEST(value_template, refuses_what_is_nested_deeply) {
  auto at = std::make_shared<config::node>();
  for (std::size_t i = 0; i <= config::max_depth; ++i) {
    auto list = std::make_shared<config::node>();
    list->kind = config::node_kind::sequence;
    list->items = {at};
    at = list;
  }
  EXPECT_FALSE(value_template::compile(*at));
  EXPECT_TRUE(value_template::compile(*at->items.front()));
}

// --- paths -------------------------------------------------------------------

TEST(value_template, of_a_path_has_the_type_of_the_value) {
  EXPECT_EQ(value("INPUT.email"), json("a@b"));
  EXPECT_EQ(value("INPUT.n"), json(3));
  EXPECT_EQ(value("INPUT.nothing"), json());
  EXPECT_EQ(value("INPUT.list"), a_scope().roots["INPUT"]["list"]);
  EXPECT_EQ(value("INDEX"), json(4));
  EXPECT_EQ(value("classify.result"), a_scope().results["classify"]);
  EXPECT_EQ(value("classify.result.title"), json("It broke"));
}

TEST(value_template, of_a_path_counts_and_quotes) {
  EXPECT_EQ(value("INPUT.list[1].x"), json("second"));
  EXPECT_EQ(value("INPUT.list[-1]"), json(3));
  EXPECT_EQ(value("INPUT[\"a key\"]"), json(true));
  EXPECT_EQ(value("INPUT.a-b"), json("dash"));
  EXPECT_EQ(value("'INPUT[\"a\\u002db\"]'"), json("dash"));
}

TEST(value_template, takes_a_quoted_path_for_a_path) {
  EXPECT_EQ(value("'INPUT.n'"), json(3));
  EXPECT_EQ(value("\"INPUT.n\""), json(3));
  EXPECT_EQ(value("\"${INPUT.n}\""), json(3));
  EXPECT_EQ(value("\"${ INPUT.n }\""), json(3));
}

TEST(value_template, keeps_large_integers_of_a_path) {
  EXPECT_EQ(value("INPUT.big").dump(), "9007199254740993");
  EXPECT_EQ(value("'${INPUT.big}!'"), json("9007199254740993!"));
}

TEST(value_template, takes_what_is_no_path_for_a_text) {
  for (const std::string text :
       {"INPUTS", "INPUT is missing", "INPUT. What now?", "input.email",
        "classify", "classify.results", "classify.outcome", "9.results",
        "INPUT-x", ".result", "the classify.result is", "$5", "a$", "{x}"})
    EXPECT_EQ(value("'" + text + "'"), json(text));
}

TEST(value_template, refuses_what_was_meant_to_be_a_path) {
  for (const std::string text :
       {"INPUT.", "INPUT..a", "INPUT.a[", "INPUT.a[b]", "INPUT[1.5]",
        "INPUT[\"a]", "INPUT.a!", "classify.result.",
        "INPUT[99999999999999999"
        "99]"})
    EXPECT_THAT(problem("'" + text + "'"), HasSubstr("`" + text + "`"));
}

TEST(value_template, says_where_a_path_ends) {
  EXPECT_EQ(error("classify.result.name"),
            "1:4: classify.result.name: there is no `name` in the object");
  EXPECT_EQ(error("count.result.name"),
            "1:4: count.result.name: `count.result` is a number, and has no "
            "`name`");
  EXPECT_EQ(error("INPUT.email.x.y"),
            "1:4: INPUT.email.x.y: `INPUT.email` is a text, and has no `x`");
  EXPECT_EQ(error("INPUT.list[3]"),
            "1:4: INPUT.list[3]: `INPUT.list` is a list of 3, and has no [3]");
  EXPECT_EQ(error("INPUT.list[-4]"), "1:4: INPUT.list[-4]: `INPUT.list` is a "
                                     "list of 3, and has no [-4]");
  EXPECT_EQ(error("INPUT[\"a key\"].x"),
            "1:4: INPUT[\"a key\"].x: `INPUT[\"a key\"]` is true, and has no "
            "`x`");
  EXPECT_EQ(error("INPUT[0]"),
            "1:4: INPUT[0]: `INPUT` is an object, and has no [0]");
  EXPECT_EQ(error("INPUT.list.x"),
            "1:4: INPUT.list.x: `INPUT.list` is a list, and has no `x`");
  EXPECT_EQ(error("INPUT.nothing.x"),
            "1:4: INPUT.nothing.x: `INPUT.nothing` is null, and has no `x`");
}

TEST(value_template, says_what_is_not_there_at_all) {
  EXPECT_EQ(error("ITEM.name"), "1:4: ITEM.name: there is no ITEM here");
  EXPECT_EQ(error("later.result"),
            "1:4: later.result: the task `later` has no result");
  EXPECT_EQ(error("SECRETS.other"),
            "1:4: SECRETS.other: there is no secret `other`");
}

TEST(value_template, has_secrets_as_text) {
  EXPECT_EQ(value("SECRETS.token"), json("hush"));
  EXPECT_EQ(value("'Bearer ${SECRETS.token}'"), json("Bearer hush"));
  EXPECT_THAT(problem("SECRETS"), HasSubstr("SECRETS.<name>"));
  EXPECT_THAT(problem("SECRETS.token.x"), HasSubstr("SECRETS.<name>"));
}

// --- texts -------------------------------------------------------------------

TEST(value_template, fills_values_in_as_text) {
  EXPECT_EQ(value("'to ${INPUT.email}, ${INPUT.n} ${INPUT.list[1]}'"),
            json(R"(to a@b, 3 {"x":"second"})"));
  EXPECT_EQ(value("'${INPUT.nothing}${INPUT[\"a key\"]}'"), json("nulltrue"));
  EXPECT_EQ(value("'${.items} ${.label}'"), json("[1,2] bug"));
}

TEST(value_template, keeps_the_type_of_one_expression_alone) {
  EXPECT_EQ(value("'${.items | length}'"), json(2));
  EXPECT_EQ(value("' ${.items | length}'"), json(" 2"));
}

TEST(value_template, leaves_an_escaped_expression) {
  EXPECT_EQ(value("$${5}"), json("${5}"));
  EXPECT_EQ(value("'$${INPUT.n} is ${INPUT.n}'"), json("${INPUT.n} is 3"));
  EXPECT_EQ(value("'$$${5}'"), json("$${5}"));
  EXPECT_EQ(value("'$$ $'"), json("$$ $"));
}

TEST(value_template, finds_the_end_of_an_expression) {
  EXPECT_EQ(value("'${{a: {b: 1}} | .a.b} }'"), json("1 }"));
  EXPECT_EQ(value("'${\"}\"}{'"), json("}{"));
  EXPECT_EQ(value("'<${\"a\\\"}\"}>'"), json("<a\"}>"));
  EXPECT_EQ(value("'<${\"a\\({b: \"}\"}.b)}\"}>'"), json("<a}}>"));
  EXPECT_THAT(error("'<${INPUT[\"}\"]}>'"), HasSubstr("there is no `}`"));
}

TEST(value_template, shows_itself_as_it_stands_in_the_file) {
  EXPECT_EQ(compile("INPUT.items").shown(), "INPUT.items");
  EXPECT_EQ(compile("\"${ .a\\n | length }\"").shown(), ".a | length");
  EXPECT_EQ(compile("\"to\\n${INPUT.email}!\"").shown(), "to ${INPUT.email}!");
  EXPECT_EQ(compile("a word").shown(), "a word");
  EXPECT_EQ(compile("[1, {a: ~}]").shown(), "[1,{\"a\":null}]");
  EXPECT_EQ(compile("[INPUT.n]").shown(), "[\u2026]");
  EXPECT_EQ(compile("{n: INPUT.n}").shown(), "{\u2026}");
  EXPECT_EQ(compile("SECRETS.token").shown(), "SECRETS.token");
}

} // namespace

} // namespace mfo::taskflow
