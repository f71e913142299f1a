#include "api/memory.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

using config::memory_form;

/// "METHOD target body"
std::string told(const call_result& call) {
  if (!call)
    return "refused: " + call.error().message;
  return call->method + " " + call->target +
         (call->body ? " " + *call->body : "");
}

TEST(memory, is_listed) {
  const auto call = make_memory_list_call(usual_paths);
  EXPECT_EQ(call.what, operation::memory_list);
  EXPECT_EQ(told(call), "GET /api/memory");
}

TEST(memory, has_keys) {
  for (const auto* body :
       {R"({"keys":["a",7]})", R"(["a",7])", R"([{"key":"a"},{"key":7}])"}) {
    const auto got = parse_memory_list_reply(reply(200, body));
    ASSERT_TRUE(got) << body;
    EXPECT_THAT(got->keys, testing::ElementsAre("a", "7")) << body;
  }
  EXPECT_THAT(parse_memory_list_reply(reply(200, R"({"keys":["a",null]})")),
              fails_with(api_errc::bad_reply, "/keys/1 is not a string"));
  EXPECT_THAT(parse_memory_list_reply(reply(200, "[{}]")),
              fails_with(api_errc::bad_reply, "no /0/key"));
}

TEST(memory, is_called_in_the_keyed_form) {
  const auto form = memory_form::keyed;
  EXPECT_EQ(told(make_memory_get_call(usual_paths, form, "a/b c")),
            "GET /api/memory/a%2Fb%20c");
  EXPECT_EQ(told(make_memory_set_call(usual_paths, form, {"k", {1, nullptr}})),
            R"(PUT /api/memory/k {"value":[1,null]})");
  EXPECT_EQ(told(make_memory_create_call(usual_paths, {"k", nullptr})),
            R"(POST /api/memory {"key":"k","value":null})");
}

TEST(memory, is_called_in_the_set_get_form) {
  const auto form = memory_form::set_get;
  EXPECT_EQ(told(make_memory_get_call(usual_paths, form, "a/b c&")),
            "GET /api/memory/get?key=a%2Fb%20c%26");
  EXPECT_EQ(told(make_memory_set_call(usual_paths, form, {"k", "v"})),
            R"(POST /api/memory/set {"key":"k","value":"v"})");
}

TEST(memory, is_deleted_by_key) {
  EXPECT_EQ(told(make_memory_delete_call(usual_paths, "k")),
            "DELETE /api/memory/k");
}

TEST(memory, may_be_set_again_and_again) {
  for (const auto form : {memory_form::keyed, memory_form::set_get}) {
    const auto call = make_memory_set_call(usual_paths, form, {"k", 1});
    EXPECT_EQ(call->what, operation::memory_set);
    EXPECT_TRUE(call->repeatable);
  }
}

TEST(memory, has_no_empty_key) {
  for (const auto form : {memory_form::keyed, memory_form::set_get}) {
    EXPECT_THAT(make_memory_get_call(usual_paths, form, ""),
                fails_with(api_errc::invalid_request, "key is empty"));
    EXPECT_THAT(make_memory_set_call(usual_paths, form, {"", 1}),
                fails_with(api_errc::invalid_request, "key is empty"));
  }
  EXPECT_THAT(make_memory_create_call(usual_paths, {"", 1}),
              fails_with(api_errc::invalid_request, "key is empty"));
}

TEST(memory, holds_any_json) {
  for (const auto* value : {"null", "0", "\"x\"", "[1,{}]", "{\"a\":null}"}) {
    const auto got = parse_memory_get_reply(
        reply(200, std::string{R"({"key":"k","value":)"} + value + "}"));
    ASSERT_TRUE(got) << value;
    EXPECT_EQ(got->value, json::parse(value));
  }
}

TEST(memory, is_not_there_or_not_to_be_read) {
  EXPECT_THAT(parse_memory_get_reply(reply(404)),
              fails_with(api_errc::not_found, "404 Not Found"));
  EXPECT_THAT(parse_memory_get_reply(reply(200, R"({"key":"k"})")),
              fails_with(api_errc::bad_reply, "no /value"));
}

TEST(memory, is_changed_by_any_2xx) {
  EXPECT_TRUE(parse_memory_change_reply(reply(200, "whatever")));
  EXPECT_TRUE(parse_memory_change_reply(reply(204)));
  EXPECT_THAT(parse_memory_change_reply(reply(404)),
              fails_with(api_errc::not_found, ""));
}

} // namespace
} // namespace mfo::api
