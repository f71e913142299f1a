#include "api/chat.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

const chat_request hello{{{"system", "be kind"}, {"user", "hello"}}, {}, {}};

TEST(chat, posts_the_messages) {
  const auto call = make_chat_call(usual_paths, hello);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, operation::chat);
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->target, "/api/chat");
  EXPECT_EQ(call->accept, "application/json");
  EXPECT_FALSE(call->repeatable);
  EXPECT_EQ(json::parse(*call->body),
            (json{{"messages",
                   {{{"role", "system"}, {"content", "be kind"}},
                    {{"role", "user"}, {"content", "hello"}}}}}));
}

TEST(chat, posts_thread_and_model_where_they_are_given) {
  auto request = hello;
  request.thread_id = "t/1";
  request.model = "m";
  const auto call = make_chat_stream_call(usual_paths, request);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, operation::chat_stream);
  EXPECT_EQ(call->target, "/api/chat/stream");
  EXPECT_EQ(call->accept, "text/event-stream");
  const auto body = json::parse(*call->body);
  EXPECT_EQ(body["thread_id"], "t/1");
  EXPECT_EQ(body["model"], "m");
}

TEST(chat, has_a_message) {
  EXPECT_THAT(make_chat_call(usual_paths, {}),
              fails_with(api_errc::invalid_request, "no message"));
}

TEST(chat, reads_the_answer) {
  const auto got =
      parse_chat_reply(reply(200, R"({"id":"c1","thread_id":7,"x":1,
                     "message":{"role":"assistant","content":"hi","y":[]}})"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, "c1");
  EXPECT_EQ(got->thread_id, "7");
  EXPECT_EQ(got->message.role, "assistant");
  EXPECT_EQ(got->message.content, "hi");
}

TEST(chat, reads_an_answer_with_what_it_needs_alone) {
  const auto got =
      parse_chat_reply(reply(200, R"({"message":{"content":[1,null]}})"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id + got->thread_id + got->message.role, "");
  EXPECT_EQ(got->message.content, json::parse("[1,null]"));
}

TEST(chat, names_what_an_answer_lacks) {
  const std::pair<const char*, const char*> faults[] = {
      {"{}", "no /message"},
      {"", "not an object"},
      {"[]", "not an object"},
      {R"({"message":null})", "no /message"},
      {R"({"message":"hi"})", "/message is not an object"},
      {R"({"message":{"role":"assistant"}})", "no /message/content"}};
  for (const auto& [body, fault] : faults)
    EXPECT_THAT(parse_chat_reply(reply(200, body)),
                fails_with(api_errc::bad_reply, fault))
        << body;
}

TEST(chat_history, is_asked_for_by_its_thread) {
  const auto call = make_chat_history_call(usual_paths, "t/1 ü");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->target, "/api/chat/t%2F1%20%C3%BC");
  EXPECT_TRUE(call->repeatable);
  EXPECT_EQ(call->body, nullptr);
  EXPECT_THAT(make_chat_history_call(usual_paths, ".."),
              fails_with(api_errc::invalid_request, "thread_id is . or .."));
}

TEST(chat_history, is_read_with_its_thread_or_without) {
  const std::string messages =
      R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"}])";
  for (const auto& body : {messages, R"({"messages":)" + messages + "}"}) {
    const auto got = parse_chat_history_reply(reply(200, body));
    ASSERT_TRUE(got) << body;
    ASSERT_EQ(got->messages.size(), 2u);
    EXPECT_EQ(got->messages[1].role, "assistant");
    EXPECT_EQ(got->messages[1].content, "b");
  }
}

TEST(chat_history, names_the_message_that_lacks_something) {
  EXPECT_THAT(parse_chat_history_reply(
                  reply(200, R"({"messages":[{"content":1},{"role":"x"}]})")),
              fails_with(api_errc::bad_reply, "no /messages/1/content"));
  EXPECT_THAT(parse_chat_history_reply(reply(200, "[7]")),
              fails_with(api_errc::bad_reply, "/0 is not an object"));
}

} // namespace
} // namespace mfo::api
