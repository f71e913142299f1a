#include "api/tools.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(tools, are_asked_for) {
  const auto call = make_tool_list_call(usual_paths);
  EXPECT_EQ(call.what, operation::tool_list);
  EXPECT_EQ(call.method, "GET");
  EXPECT_EQ(call.target, "/api/tools");
}

TEST(tools, are_read_by_id_or_name_or_name_alone) {
  const auto got = parse_tool_list_reply(
      reply(200, R"({"tools":[{"id":"a","name":"A","description":"d","n":[1]},
                        {"name":"b"},"c",{"id":null,"name":"d"}]})"));
  ASSERT_TRUE(got);
  ASSERT_EQ(got->tools.size(), 4u);
  EXPECT_EQ(got->tools[0].name, "a");
  EXPECT_EQ(got->tools[0].description, "d");
  EXPECT_EQ(got->tools[0].details["n"], json::array({1}));
  EXPECT_EQ(got->tools[1].name, "b");
  EXPECT_EQ(got->tools[2].name, "c");
  EXPECT_EQ(got->tools[3].name, "d");
  EXPECT_EQ(parse_tool_list_reply(reply(200, "[\"x\"]"))->tools[0].name, "x");
}

TEST(tools, are_refused_without_a_name) {
  EXPECT_THAT(parse_tool_list_reply(reply(200, R"({"tools":["a",{}]})")),
              fails_with(api_errc::bad_reply, "no /tools/1/id"));
  EXPECT_THAT(parse_tool_list_reply(reply(200, R"([{"id":""}])")),
              fails_with(api_errc::bad_reply, "/0/id is not a name"));
  EXPECT_THAT(parse_tool_list_reply(reply(200, "[7]")),
              fails_with(api_errc::bad_reply, "/0 is not an object"));
  EXPECT_THAT(parse_tool_list_reply(reply(200, "{}")),
              fails_with(api_errc::bad_reply, "no /tools"));
}

TEST(tool, is_posted_its_bare_arguments) {
  const auto call =
      make_tool_call(usual_paths, {"send/mail", json{{"to", "a"}}});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, operation::tool);
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->target, "/api/tools/send%2Fmail");
  EXPECT_EQ(*call->body, R"({"to":"a"})");
  EXPECT_EQ(call->content_type, "application/json");
  EXPECT_FALSE(call->repeatable);
  EXPECT_EQ(*make_tool_call(usual_paths, {"t"})->body, "{}");
}

TEST(tool, takes_an_object_and_has_a_name) {
  EXPECT_THAT(make_tool_call(usual_paths, {"t", json::array()}),
              fails_with(api_errc::invalid_request, "JSON object"));
  EXPECT_THAT(make_tool_call(usual_paths, {""}),
              fails_with(api_errc::invalid_request, "tool_name is empty"));
}

TEST(tool, gives_any_json_for_a_result) {
  for (const auto* value : {"null", "0", "\"x\"", "[1,{}]", "{\"a\":null}"}) {
    const auto got = parse_tool_reply(
        reply(200, std::string{R"({"result":)"} + value + "}"));
    ASSERT_TRUE(got) << value;
    EXPECT_EQ(got->result, json::parse(value));
  }
}

TEST(tool, fails_without_a_result) {
  EXPECT_THAT(parse_tool_reply(reply(200, "{}")),
              fails_with(api_errc::bad_reply, "the reply has no /result"));
  EXPECT_THAT(parse_tool_reply(reply(204)),
              fails_with(api_errc::bad_reply, "not an object"));
  EXPECT_THAT(parse_tool_reply(reply(404, R"({"error":"no tool"})")),
              fails_with(api_errc::not_found, "no tool"));
}

} // namespace
} // namespace mfo::api
