#include "node/recorded_cases.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>

namespace mfo::node {

namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

json a_request() {
  return json::parse(R"({
    "endpoint": "orders", "at": "2026-11-24T07:53:48.001Z",
    "from": "192.0.2.7", "method": "POST", "path": "/orders", "query": "",
    "headers": [], "size": 7, "body": "{\"a\":1}", "type": "order.created",
    "sign": "yes", "status": 202, "outcome": "delivered"})");
}

recorded_cases of(json request) {
  return make_cases({{"requests", json::array({std::move(request)})}});
}

casebook::test_case only_case(json request) {
  auto made = of(std::move(request));
  if (made.cases.size() == 1)
    return std::move(made.cases[0]);
  ADD_FAILURE() << made.cases.size() << " cases";
  casebook::test_case none;
  none.steps.emplace_back();
  return none;
}

http::header_list headers_left(json headers) {
  auto request = a_request();
  request["headers"] = std::move(headers);
  return only_case(request).steps[0].request.headers;
}

TEST(a_recorded_case, expects_what_became_of_the_request) {
  const auto one = only_case(a_request());
  EXPECT_EQ(one.name, "POST order.created at 2026-11-24T07:53:48.001Z");
  ASSERT_EQ(one.steps.size(), 1u);
  const auto& step = one.steps[0];
  EXPECT_EQ(step.endpoint, "orders");
  EXPECT_EQ(step.from, "192.0.2.7");
  EXPECT_EQ(step.sign, casebook::signing::yes);
  EXPECT_EQ(step.request.method, "") << "the endpoint's";
  EXPECT_EQ(step.request.path, "") << "likewise";
  EXPECT_EQ(step.request.body, R"({"a":1})");
  EXPECT_TRUE(step.expect.given);
  EXPECT_EQ(step.expect.status, 202);
  EXPECT_EQ(step.expect.reason, "");
  EXPECT_EQ(step.expect.ends, casebook::outcome::delivered);
}

TEST(a_recorded_case, has_the_headers_that_are_not_made_anew) {
  const auto left =
      headers_left({{{"name", "Host"}, {"value", "a"}},
                    {{"name", "content-length"}, {"value", "7"}},
                    {{"name", "User-Agent"}, {"value", "a"}},
                    {{"name", "X-Forwarded-For"}, {"value", "192.0.2.7"}},
                    {{"name", "X-Signature"}, {"value", "redacted"}},
                    {{"name", "Content-Type"}, {"value", "application/json"}},
                    {{"name", "X-GitHub-Event"}, {"value", "push"}},
                    {{"name", "X-Delivery"}, {"value", "1"}},
                    {{"name", "X-Delivery"}, {"value", "2"}}});
  EXPECT_THAT(left,
              ElementsAre(Pair("X-GitHub-Event", "push"),
                          Pair("X-Delivery", "1"), Pair("X-Delivery", "2")));
  json form{{"name", "Content-Type"},
            {"value", "application/x-www-form-urlencoded"}};
  EXPECT_THAT(headers_left(json::array({form})),
              ElementsAre(Pair("Content-Type", testing::_)));
}

TEST(a_recorded_case, lets_the_signature_have_its_part_of_the_query) {
  auto request = a_request();
  request["query"] = "a=1&bodySHA256=00&b=x%20y";
  EXPECT_EQ(only_case(request).steps[0].request.query, "a=1&b=x%20y");
}

TEST(a_recorded_case, is_signed_as_the_request_was) {
  auto request = a_request();
  request["sign"] = "wrong";
  request["reason"] = "bad_signature";
  request["outcome"] = "refused";
  request["status"] = 401;
  auto step = only_case(request).steps.at(0);
  EXPECT_EQ(step.sign, casebook::signing::wrong);
  EXPECT_EQ(step.expect.reason, "bad_signature");
  EXPECT_EQ(step.expect.ends, casebook::outcome::refused);
  request["sign"] = "no";
  EXPECT_EQ(only_case(request).steps.at(0).sign, casebook::signing::no);
}

TEST(a_recorded_case, has_the_method_that_was_refused) {
  auto request = a_request();
  request["reason"] = "method_not_allowed";
  EXPECT_EQ(only_case(request).steps[0].request.method, "POST");
  request["method"] = "GET";
  EXPECT_EQ(only_case(request).steps[0].request.method, "GET");
}

TEST(a_recorded_case, sends_a_duplicate_twice) {
  auto request = a_request();
  request["reason"] = "duplicate";
  request["status"] = 200;
  const auto one = only_case(request);
  ASSERT_EQ(one.steps.size(), 2u);
  EXPECT_FALSE(one.steps[0].expect.given);
  EXPECT_EQ(one.steps[1].expect.reason, "duplicate");
}

TEST(a_recorded_case, has_the_server_refuse_what_it_refused) {
  auto request = a_request();
  request["reason"] = "upstream_rejected";
  request["status"] = 502;
  request["upstream_status"] = 422;
  const auto one = only_case(request);
  ASSERT_EQ(one.stubs.size(), 1u);
  EXPECT_EQ(one.stubs[0].operation, "event");
  EXPECT_EQ(one.stubs[0].status, 422);
}

TEST(a_recorded_case, expects_no_outcome_that_a_case_cannot_have) {
  auto request = a_request();
  request["outcome"] = "handed_over";
  EXPECT_FALSE(only_case(request).steps.at(0).expect.ends);
  request.erase("outcome");
  EXPECT_FALSE(only_case(request).steps.at(0).expect.ends);
}

TEST(recorded_requests, are_left_out_where_they_would_come_to_something_else) {
  auto request = a_request();
  request["reason"] = "circuit_open";
  request["status"] = 503;
  const auto busy = of(request);
  EXPECT_THAT(busy.cases, IsEmpty());
  EXPECT_THAT(busy.left_out,
              ElementsAre(Pair("refused for the moment: circuit_open", 1u)));
  auto signed_by_others = a_request();
  signed_by_others.erase("sign");
  EXPECT_EQ(of(signed_by_others).left_out.size(), 1u);
}

TEST(recorded_requests, do_no_harm_whatever_they_are) {
  EXPECT_THAT(make_cases(json{}).cases, IsEmpty());
  EXPECT_THAT(make_cases({{"requests", 1}}).cases, IsEmpty());
  EXPECT_THAT(make_cases({{"requests", {1, nullptr, json::array()}}}).cases,
              IsEmpty());
  auto odd = a_request();
  odd["headers"] = {1, {{"name", 2}}};
  odd["query"] = nullptr;
  odd["type"] = "a\nb";
  EXPECT_EQ(only_case(odd).name, "POST a?b at 2026-11-24T07:53:48.001Z");
}

} // namespace

} // namespace mfo::node
