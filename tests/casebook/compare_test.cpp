#include "casebook/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::casebook {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

seen_call event_call() {
  return {.server = "default",
          .operation = "event",
          .method = "POST",
          .target = "/api/events",
          .headers = {{"Authorization", "Bearer x"}},
          .body = R"({"id":"1","payload":{"a":1}})"};
}

TEST(of_what_is_not_said, nothing_is_expected) {
  EXPECT_THAT(compare({}, {.status = 500, .calls = {event_call()}}), IsEmpty());
}

TEST(an_answer, is_compared_by_status_headers_and_body) {
  expectation expected;
  expected.status = 202;
  expected.headers = {{"Retry-After", "5"}};
  expected.body = json{{"status", "completed"}};
  EXPECT_THAT(compare(expected, {.status = 202,
                                 .headers = {{"retry-after", "5"}},
                                 .body = R"({"status":"completed","x":1})"}),
              IsEmpty());
  const auto all = compare(expected, {.status = 503, .body = "{}"});
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(all[0].got, "503: {}");
  EXPECT_EQ(all[1].what, "headers.Retry-After");
  EXPECT_EQ(all[2].what, "body.status");
}

TEST(calls, are_all_there_and_in_order) {
  expectation expected;
  expected.calls.emplace(2);
  (*expected.calls)[0].path = "/api/ev*";
  const auto all = compare(expected, {.calls = {event_call()}});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].what, "calls");
  EXPECT_EQ(all[0].expected, "2");
  EXPECT_THAT(all[0].got, HasSubstr("1\nPOST /api/events {"));
}

TEST(calls, that_are_not_expected_are_a_difference) {
  expectation expected;
  expected.calls.emplace();
  EXPECT_THAT(compare(expected, {.calls = {event_call()}}), SizeIs(1));
}

TEST(a_call, is_compared_by_what_is_said_of_it) {
  expectation expected;
  auto& call = expected.calls.emplace(1)[0];
  call = {.server = "billing",
          .operation = "event",
          .method = "PUT",
          .path = "/other",
          .url = "https://*",
          .headers = {{"authorization", "Bearer y"}},
          .body = json{{"payload", {{"a", 2}}}}};
  const auto all = compare(expected, {.calls = {event_call()}});
  std::vector<std::string> what;
  for (const auto& each : all)
    what.push_back(each.what);
  EXPECT_THAT(what, testing::ElementsAre("calls[0].server", "calls[0].method",
                                         "calls[0].path", "calls[0].url",
                                         "calls[0].headers.authorization",
                                         "calls[0].body.payload.a"));
}

TEST(an_outcome, is_that_of_all_events) {
  expectation expected;
  expected.ends = outcome::delivered;
  EXPECT_THAT(compare(expected, {.delivered = 2}), IsEmpty());
  EXPECT_THAT(compare(expected, {}), SizeIs(1));
  const auto all = compare(expected, {.delivered = 1, .dead_lettered = 1});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].got, "1 delivered, 1 dead_lettered");
}

TEST(a_reason, is_one_of_those_that_there_were) {
  expectation expected;
  expected.reason = "duplicate";
  EXPECT_THAT(compare(expected, {.reasons = {{"duplicate", 1}}}), IsEmpty());
  EXPECT_THAT(compare(expected, {.reasons = {{"bad_signature", 1}}}),
              SizeIs(1));
}

TEST(runs, are_compared_by_outcome_and_result) {
  expectation expected;
  auto& run = expected.runs.emplace(1)[0];
  run.outcome = "Succeeded";
  run.result = json{{"a", 1}};
  EXPECT_THAT(compare(expected, {.runs = {{.workflow = "w",
                                           .taskflow = "t",
                                           .outcome = "Succeeded",
                                           .error = {},
                                           .result = {{"a", 1}}}}}),
              IsEmpty());
  EXPECT_THAT(compare(expected, {.runs = {{.workflow = "w",
                                           .taskflow = "t",
                                           .outcome = "Failed",
                                           .error = "refused",
                                           .result = nullptr}}}),
              SizeIs(2));
}

TEST(a_stub, is_for_calls_of_a_server_or_of_the_world) {
  stub what;
  EXPECT_TRUE(fits(what, event_call()));
  what.path = "/api/*";
  what.contains = R"("a":1)";
  EXPECT_TRUE(fits(what, event_call()));
  what.contains = "nothing of it";
  EXPECT_FALSE(fits(what, event_call()));
  EXPECT_FALSE(fits(stub{.url = "*"}, event_call()));
  const seen_call outside{.server = {},
                          .operation = {},
                          .method = "GET",
                          .target = "https://example.com/x",
                          .headers = {},
                          .body = {}};
  EXPECT_TRUE(fits(stub{.url = "https://example.com/*"}, outside));
  EXPECT_FALSE(fits(stub{.path = "*"}, outside));
}

TEST(an_operation, is_known_by_the_paths_of_its_server) {
  config::path_settings paths;
  paths.tool = "/v2/run/{tool_name}/now";
  EXPECT_EQ(operation_of(paths, "POST", "/api/events", "{}"), "event");
  EXPECT_EQ(operation_of(paths, "POST", "/api/events", "[{}]"), "event_batch");
  EXPECT_EQ(operation_of(paths, "POST", "/v2/run/mail/now", "{}"), "tool");
  EXPECT_EQ(operation_of(paths, "GET", "/api/memory/x", ""), "memory_get");
  EXPECT_EQ(operation_of(paths, "POST", "/elsewhere", ""), "");
}

} // namespace

} // namespace mfo::casebook
