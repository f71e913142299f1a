#include "casebook/load.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::casebook {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

book good(std::string_view text) {
  auto read = load_text(text, "x.cases.yaml");
  if (!read) {
    ADD_FAILURE() << config::to_string(read.error());
    return {};
  }
  return *std::move(read);
}

std::string problems_of(std::string_view text) {
  const auto read = load_text(text, "x.cases.yaml");
  return read ? std::string{"none"} : config::to_string(read.error());
}

TEST(a_file_of_cases, names_its_configuration_seen_from_its_own_folder) {
  const auto read = load_text("config: node.yaml\n"
                              "cases: [{name: a, expect: {status: 202}}]",
                              "tests/x.cases.yaml");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->config, "tests/node.yaml");
}

TEST(a_case, is_a_step_where_it_has_no_steps) {
  const auto read = good(R"(
env: {SECRET: a$b}
cases:
  - name: a push
    endpoint: github
    request: {method: PUT, headers: {X-A: "1", X-B: [x, y]}, json: {a: [1]}}
    sign: wrong
    skew: -10m
    from: 203.0.113.7
    expect: {status: 401, reason: bad_signature, calls: []}
)");
  EXPECT_THAT(read.env, ElementsAre(Pair("SECRET", "a$b")));
  ASSERT_THAT(read.cases, SizeIs(1));
  ASSERT_THAT(read.cases[0].steps, SizeIs(1));
  const auto& step = read.cases[0].steps[0];
  EXPECT_EQ(step.endpoint, "github");
  EXPECT_EQ(step.request.method, "PUT");
  EXPECT_THAT(
      step.request.headers,
      ElementsAre(Pair("X-A", "1"), Pair("X-B", "x"), Pair("X-B", "y")));
  EXPECT_EQ(step.request.body, R"({"a":[1]})");
  EXPECT_EQ(step.sign, signing::wrong);
  EXPECT_EQ(step.skew, -10min);
  EXPECT_EQ(step.from, "203.0.113.7");
  EXPECT_EQ(step.expect.status, 401);
  ASSERT_TRUE(step.expect.calls);
  EXPECT_THAT(*step.expect.calls, SizeIs(0));
  EXPECT_FALSE(step.expect.runs);
}

TEST(a_case, has_what_its_file_says_behind_what_it_says_itself) {
  const auto read = good(R"(
now: 2026-01-05T09:00:00Z
replies: {tools: {a: 1, b: 1}}
stubs: [{status: 500}]
answers: {ask: "no", other: "no"}
cases:
  - name: a
    replies: {tools: {a: 2}}
    stubs: [{fails: timeout, times: 1}]
    answers: {ask: "yes"}
    expect: {status: 202}
)");
  const auto& one = read.cases.at(0);
  EXPECT_EQ(one.now, 1767603600s);
  EXPECT_THAT(one.replies.tools, ElementsAre(Pair("a", "2"), Pair("b", "1")));
  ASSERT_THAT(one.stubs, SizeIs(2));
  EXPECT_EQ(one.stubs[0].failure, http::client_errc::timeout);
  EXPECT_EQ(one.stubs[0].times, 1U);
  EXPECT_EQ(one.stubs[1].status, 500);
  EXPECT_THAT(one.answers,
              ElementsAre(Pair("ask", "yes"), Pair("other", "no")));
}

TEST(a_body, may_be_in_a_file_or_in_base64) {
  const support::temporary_folder folder;
  folder.write("body.bin", "from a file");
  const auto path = folder.write("x.cases.yaml", R"(
cases:
  - {name: a, request: {file: body.bin}, expect: {status: 1xx}}
)");
  EXPECT_THAT(config::to_string(load_file(path).error()),
              HasSubstr("x.cases.yaml:3:59: cases[0].expect.status: "));
  const auto read = good("cases: [{name: a, request: {base64: AAH/}, expect: "
                         "{status: 202}}]");
  EXPECT_EQ(read.cases[0].steps[0].request.body, std::string("\0\1\xff", 3));
}

TEST(mistakes, are_told_all_at_once_with_their_places) {
  EXPECT_EQ(
      problems_of(R"(config: node.yaml
cases:
  - name: a
    requst: {}
    sign: maybe
    expect: {status: 99, reason: no_reason}
  - name: b
    request: {body: x, json: 1}
    expect: {calls: [{method: post}]}
)"),
      "x.cases.yaml:4:5: cases[0].requst: unknown key (did you mean "
      "request?)\n"
      "x.cases.yaml:5:11: cases[0].sign: must be one of yes, true, no, "
      "false, wrong\n"
      "x.cases.yaml:6:22: cases[0].expect.status: must be 100 to 599\n"
      "x.cases.yaml:6:34: cases[0].expect.reason: must be a reason, as "
      "docs/reference/metrics.md has them\n"
      "x.cases.yaml:8:30: cases[1].request.json: there is a body already: "
      "body\n"
      "x.cases.yaml:9:31: cases[1].expect.calls[0].method: must be a "
      "method as POST\n");
}

TEST(mistakes, are_cases_that_expect_nothing) {
  EXPECT_THAT(problems_of("cases: [{name: a, request: {json: 1}}]"),
              HasSubstr("cases[0]: nothing is expected"));
}

TEST(mistakes, are_requests_beside_steps_or_schedules) {
  EXPECT_THAT(problems_of("cases: [{name: a, request: {json: 1}, steps: "
                          "[{request: {json: 1}}]}]"),
              HasSubstr("cases[0].request: goes into the steps"));
  EXPECT_THAT(problems_of("cases: [{name: a, tick: w/t, request: {json: 1}, "
                          "expect: {status: 202}}]"),
              HasSubstr("cases[0].request: means nothing with tick"));
}

TEST(a_file_of_cases, that_is_not_there_is_told_without_a_line) {
  const auto read = load_file("no-such.cases.yaml");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().front().line, 0);
}

} // namespace

} // namespace mfo::casebook
