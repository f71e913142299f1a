#include "casebook/write.hpp"

#include "casebook/load.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace mfo::casebook {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

test_case a_case(std::string body = "{}") {
  step one;
  one.endpoint = "orders";
  one.request.body = std::move(body);
  one.expect.status = 202;
  one.expect.given = true;
  test_case made;
  made.name = "POST order.created at 2026-11-24T07:53:48.001Z";
  made.steps = {one};
  return made;
}

std::string written(test_case one) {
  book all;
  all.cases = {std::move(one)};
  return to_yaml(all);
}

book read(const std::string& text) {
  auto all = load_text(text, "x.cases.yaml");
  if (!all) {
    ADD_FAILURE() << config::to_string(all.error()) << text;
    return {};
  }
  return *std::move(all);
}

/// What it reads as again.
test_case again(test_case one) {
  auto all = read(written(std::move(one)));
  if (!all.cases.empty())
    return std::move(all.cases[0]);
  test_case none;
  none.steps.emplace_back();
  return none;
}

std::string body_again(std::string body) {
  return again(a_case(std::move(body))).steps.at(0).request.body;
}

TEST(a_written_case, is_read_as_it_was) {
  auto one = a_case();
  auto& its = one.steps[0];
  its.sign = signing::wrong;
  its.from = "192.0.2.7";
  its.request.method = "PUT";
  its.request.query = "a=1&b=x y";
  its.request.headers = {
      {"X-A", "yes"}, {"X-B", "1"}, {"X-B", "b: #c"}, {"X-C", ""}};
  its.expect.reason = "bad_signature";
  its.expect.ends = outcome::refused;
  one.stubs = {{.operation = "event", .status = 400}};
  const auto got = again(one);
  EXPECT_EQ(got.name, one.name);
  ASSERT_EQ(got.steps.size(), 1u);
  const auto& same = got.steps[0];
  EXPECT_EQ(same.endpoint, "orders");
  EXPECT_EQ(same.sign, signing::wrong);
  EXPECT_EQ(same.from, "192.0.2.7");
  EXPECT_EQ(same.request.method, "PUT");
  EXPECT_EQ(same.request.query, "a=1&b=x y");
  EXPECT_THAT(same.request.headers,
              ElementsAre(Pair("X-A", "yes"), Pair("X-B", "1"),
                          Pair("X-B", "b: #c"), Pair("X-C", "")));
  EXPECT_EQ(same.request.body, "{}");
  EXPECT_EQ(same.expect.status, 202);
  EXPECT_EQ(same.expect.reason, "bad_signature");
  EXPECT_EQ(same.expect.ends, outcome::refused);
  ASSERT_EQ(got.stubs.size(), 1u);
  EXPECT_EQ(got.stubs[0].operation, "event");
  EXPECT_EQ(got.stubs[0].status, 400);
}

TEST(a_written_case, may_have_several_steps) {
  auto one = a_case();
  one.steps.push_back(one.steps[0]);
  one.steps[0].expect = {};
  one.steps[1].sign = signing::no;
  const auto got = again(one);
  ASSERT_EQ(got.steps.size(), 2u);
  EXPECT_FALSE(got.steps[0].expect.given);
  EXPECT_EQ(got.steps[1].sign, signing::no);
  EXPECT_EQ(got.steps[1].expect.status, 202);
}

TEST(a_written_file, names_its_configuration) {
  book all;
  all.config = "../node.yaml";
  all.cases = {a_case()};
  EXPECT_THAT(to_yaml(all), HasSubstr("config: "));
  auto got = load_text(to_yaml(all), "tests/x.cases.yaml");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->config, "tests/../node.yaml");
  all.config.clear();
  EXPECT_THAT(to_yaml(all), Not(HasSubstr("config: ")));
}

TEST(a_written_body, is_json_where_that_says_all_of_it) {
  const std::string body =
      R"({"a":[1,-2.5,true,null,"null","1","~",""],"b":{},"c":[],)"
      R"("text":"a: b #c\n\t\"quoted\" é 😀 \u0001","y":"2026-01-01",)"
      R"("z":{"<<":"*x","":"&y"}})";
  const auto text = written(a_case(body));
  EXPECT_THAT(text, HasSubstr("json:"));
  EXPECT_EQ(json::parse(body_again(body)), json::parse(body)) << text;
}

TEST(a_written_body, is_text_where_json_would_change_it) {
  const std::vector<std::string> bodies{
      R"({"n":1.50})",
      R"({"n":123456789012345678901234567890})",
      R"({"a":1,"a":2})",
      R"( {"a": 1})",
      "a=1&b=2",
      "redacted: 7 bytes",
      "line\nline\r\n\x01",
      "\xf0\x9f\x98\x80",
      "yes"};
  for (const auto& body : bodies) {
    EXPECT_THAT(written(a_case(body)), HasSubstr("body:")) << body;
    EXPECT_EQ(body_again(body), body);
  }
}

TEST(a_written_body, is_text_where_json_is_more_than_a_file_may_have) {
  const auto deep = std::string(60, '[') + std::string(60, ']');
  EXPECT_EQ(body_again(deep), deep);
  std::string wide{"[0"};
  for (int i = 0; i < 60'000; ++i)
    wide += ",0";
  wide += ']';
  EXPECT_EQ(body_again(wide), wide);
  const auto long_name = R"({")" + std::string(2'000, 'n') + R"(":1})";
  EXPECT_EQ(body_again(long_name), long_name);
}

TEST(a_written_body, is_base64_where_it_is_no_text) {
  for (const std::string& bytes :
       {std::string{"\xff\x00\x01", 3}, std::string{"{\"a\":\"\x7f\"}"},
        std::string{"\xef\xbf\xbf"}}) {
    EXPECT_THAT(written(a_case(bytes)), HasSubstr("base64:"));
    EXPECT_EQ(body_again(bytes), bytes);
  }
}

TEST(a_written_body, is_not_there_where_there_is_none) {
  EXPECT_EQ(body_again(""), "");
  EXPECT_THAT(written(a_case("")), Not(HasSubstr("body")));
}

} // namespace

} // namespace mfo::casebook
