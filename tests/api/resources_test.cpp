#include "api/resources.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(resources, are_asked_for) {
  EXPECT_EQ(make_resource_list_call(usual_paths).target, "/api/resources");
  const auto call = make_resource_get_call(usual_paths, "docs/a b/c");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, operation::resource_get);
  EXPECT_EQ(call->target, "/api/resources/docs/a%20b/c");
  EXPECT_THAT(make_resource_get_call(usual_paths, "docs/../../memory"),
              fails_with(api_errc::invalid_request, ". or .."));
}

TEST(resources, are_created_with_what_is_given) {
  const auto call = make_resource_create_call(
      usual_paths, {"a/b", "t", "", json{{"x", 1}}, {}});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->target, "/api/resources");
  EXPECT_FALSE(call->repeatable);
  EXPECT_EQ(json::parse(*call->body),
            (json{{"id", "a/b"}, {"title", "t"}, {"content", {{"x", 1}}}}));
  EXPECT_EQ(*make_resource_create_call(usual_paths, {})->body, "{}");
}

TEST(resources, are_read) {
  const auto got = parse_resource_reply(
      reply(201, R"({"id":"a/b","title":"t","type":"y","content":[1],
                     "metadata":{"m":null},"more":1})"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, "a/b");
  EXPECT_EQ(got->title, "t");
  EXPECT_EQ(got->type, "y");
  EXPECT_EQ(got->content, json::array({1}));
  EXPECT_EQ(got->metadata, json::parse(R"({"m":null})"));
}

TEST(resources, need_an_id_alone) {
  const auto got =
      parse_resource_reply(reply(200, R"({"id":"a","title":7.5})"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->title, "");
  EXPECT_TRUE(got->content.is_null());
  EXPECT_THAT(parse_resource_reply(reply(200, "{}")),
              fails_with(api_errc::bad_reply, "no /id"));
}

TEST(resources, are_read_as_a_list) {
  for (const auto* body : {R"({"resources":[{"id":"a"},{"id":"b"}]})",
                           R"([{"id":"a"},{"id":"b"}])"}) {
    const auto got = parse_resource_list_reply(reply(200, body));
    ASSERT_TRUE(got) << body;
    ASSERT_EQ(got->resources.size(), 2u);
    EXPECT_EQ(got->resources[1].id, "b");
  }
  EXPECT_THAT(
      parse_resource_list_reply(reply(200, R"({"resources":[{"id":{}}]})")),
      fails_with(api_errc::bad_reply, "/resources/0/id is not a string"));
}

} // namespace
} // namespace mfo::api
