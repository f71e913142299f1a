// Every operation of the API, against the dev-server.

#include "api/chat.hpp"
#include "api/chat_stream.hpp"
#include "api/events.hpp"
#include "api/info.hpp"
#include "api/jobs.hpp"
#include "api/memory.hpp"
#include "api/notifications.hpp"
#include "api/resources.hpp"
#include "api/tools.hpp"

#include "tests/api/dev_server_fixture.hpp"

namespace mfo::api {
namespace {

using config::event_format;
using config::memory_form;
using testing::ElementsAre;
using testing::HasSubstr;

class dev_server : public on_dev_server {
protected:
  static envelope_ptr envelope(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
  }
};

TEST_F(dev_server, takes_an_event) {
  const auto got = parse_event_reply(answer(
      make_event_call(usual_paths, {envelope(R"({"id":"e-1","x":1.0})")})));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->id, "e-1");
  EXPECT_EQ(got->status, "accepted");
  EXPECT_EQ(server->events().front()->body, R"({"id":"e-1","x":1.0})");
  EXPECT_THAT(parse_event_reply(
                  answer(make_event_call(usual_paths, {envelope("no JSON")}))),
              fails_with(api_errc::rejected, "not JSON"));
}

TEST_F(dev_server, takes_a_cloudevent) {
  const auto got = parse_event_reply(answer(make_event_call(
      usual_paths,
      {envelope(R"({"specversion":"1.0","id":"c","source":"s","type":"t"})"),
       event_format::cloudevents})));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->id, "c");
  EXPECT_EQ(server->events().front()->headers.find("content-type"),
            "application/cloudevents+json");
}

TEST_F(dev_server, takes_a_batch_in_both_formats) {
  for (const auto format : {event_format::mfo, event_format::cloudevents}) {
    server->clear();
    const event_batch_request request{
        {envelope(R"({"id":"1"})"), envelope("7"), envelope(R"({"id":"3"})")},
        format};
    const auto got = parse_event_batch_reply(
        answer(make_event_batch_call(usual_paths, request)));
    ASSERT_TRUE(got) << got.error().message;
    const std::vector<std::string> ids{"1", "2", "3"};
    const auto outcomes = match_outcomes(*got, ids);
    ASSERT_EQ(outcomes.size(), 3u);
    EXPECT_FALSE(outcomes[0].error);
    EXPECT_TRUE(outcomes[1].error); // "7" is no event
    EXPECT_FALSE(outcomes[2].error);
    EXPECT_THAT(server->ids(), ElementsAre("1", "3"));
  }
}

TEST_F(dev_server, chats) {
  const chat_request request{{{"user", "hello"}}, {}, {}};
  const auto said =
      parse_chat_reply(answer(make_chat_call(usual_paths, request)));
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_EQ(said->message.role, "assistant");
  EXPECT_EQ(said->message.content, "hello");
  ASSERT_NE(said->thread_id, "");
  const auto history = parse_chat_history_reply(
      answer(make_chat_history_call(usual_paths, said->thread_id)));
  ASSERT_TRUE(history) << history.error().message;
  EXPECT_EQ(history->thread_id, said->thread_id);
  ASSERT_EQ(history->messages.size(), 2u);
  EXPECT_EQ(history->messages[0].role, "user");
  EXPECT_THAT(parse_chat_history_reply(
                  answer(make_chat_history_call(usual_paths, "no/such"))),
              fails_with(api_errc::not_found, "no/such"));
}

TEST_F(dev_server, streams_a_chat_with_both_ends) {
  config::path_settings paths;
  for (const auto* path :
       {"/api/chat/stream", "/api/chat/stream?end=complete"}) {
    paths.chat_stream = path;
    const auto got = answer(
        make_chat_stream_call(paths, {{{"user", "to be or not"}}, {}, {}}));
    EXPECT_EQ(got.headers.first("Content-Type"), "text/event-stream");
    chat_stream stream;
    std::string said;
    std::size_t deltas = 0;
    // As a socket might have had it.
    for (std::string_view rest = got.body; !rest.empty();
         rest.remove_prefix(std::min<std::size_t>(rest.size(), 7)))
      ASSERT_TRUE(stream.feed(rest.substr(0, 7), [&](const json& delta) {
        said += delta.get<std::string>();
        ++deltas;
      }));
    EXPECT_EQ(said, "to be or not");
    EXPECT_EQ(deltas, 4u);
    EXPECT_TRUE(stream.complete()) << path;
    EXPECT_TRUE(stream.end());
  }
}

TEST_F(dev_server, breaks_a_stream_off) {
  ASSERT_TRUE(server->set_faults(
      R"({"path":"/api/chat","statuses":[200],"body_bytes":0})"));
  const auto got =
      answer(make_chat_stream_call(usual_paths, {{{"user", "hi"}}, {}, {}}));
  chat_stream stream;
  ASSERT_TRUE(stream.feed(got.body, [](const json&) {}));
  EXPECT_THAT(stream.end(), fails_with(api_errc::truncated, "broke off"));
}

TEST_F(dev_server, lists_and_calls_tools) {
  const auto list =
      parse_tool_list_reply(answer(make_tool_list_call(usual_paths)));
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->tools.size(), 5u);
  EXPECT_EQ(list->tools[0].name, "echo");
  const auto sum = parse_tool_reply(
      answer(make_tool_call(usual_paths, {"add", json{{"a", 2}, {"b", 3}}})));
  ASSERT_TRUE(sum) << sum.error().message;
  EXPECT_EQ(sum->result, 5);
  EXPECT_THAT(parse_tool_reply(answer(make_tool_call(usual_paths, {"fail"}))),
              fails_with(api_errc::server_failed, "always fails"));
  EXPECT_THAT(parse_tool_reply(answer(make_tool_call(usual_paths, {"a b/c"}))),
              fails_with(api_errc::not_found, "a b/c"));
}

TEST_F(dev_server, remembers_in_both_forms) {
  for (const auto form : {memory_form::keyed, memory_form::set_get}) {
    const auto key = "a/b &?%" + std::to_string(static_cast<int>(form));
    for (const json& value :
         {json(nullptr), json(1.5), json("x"), json{{"a", {1, nullptr}}}}) {
      ASSERT_TRUE(parse_memory_change_reply(
          answer(make_memory_set_call(usual_paths, form, {key, value}))));
      const auto got = parse_memory_get_reply(
          answer(make_memory_get_call(usual_paths, form, key)));
      ASSERT_TRUE(got) << got.error().message;
      EXPECT_EQ(got->value, value);
    }
    const auto list =
        parse_memory_list_reply(answer(make_memory_list_call(usual_paths)));
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_THAT(list->keys, ElementsAre(key));
    ASSERT_TRUE(parse_memory_change_reply(
        answer(make_memory_delete_call(usual_paths, key))));
    EXPECT_THAT(parse_memory_get_reply(
                    answer(make_memory_get_call(usual_paths, form, key))),
                fails_with(api_errc::not_found, "no memory"));
  }
  ASSERT_TRUE(parse_memory_change_reply(
      answer(make_memory_create_call(usual_paths, {"new", 1}))));
}

TEST_F(dev_server, keeps_resources) {
  const auto made = parse_resource_reply(answer(make_resource_create_call(
      usual_paths, {"docs/a b/c", "t", "text", "content", json{{"m", 1}}})));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->id, "docs/a b/c");
  const auto got = parse_resource_reply(
      answer(make_resource_get_call(usual_paths, "docs/a b/c")));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->title, "t");
  EXPECT_EQ(got->type, "text");
  EXPECT_EQ(got->content, "content");
  EXPECT_EQ(got->metadata, (json{{"m", 1}}));
  const auto list =
      parse_resource_list_reply(answer(make_resource_list_call(usual_paths)));
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->resources.size(), 1u);
}

TEST_F(dev_server, runs_jobs_to_both_ends) {
  for (const bool fails : {false, true}) {
    const auto started = parse_tool_reply(answer(make_tool_call(
        usual_paths,
        {"start_job",
         json{{"polls", 1}, {"fail", fails}, {"result", {1, 2}}}})));
    ASSERT_TRUE(started) << started.error().message;
    const auto id = started->result["job_id"].get<std::string>();
    const auto ask = [&] {
      return parse_job_status_reply(
                 answer(make_job_status_call(usual_paths, id)))
          .value();
    };
    EXPECT_EQ(ask().state, job_state::running);
    const auto last = ask();
    EXPECT_EQ(last.id, id);
    EXPECT_EQ(last.state, fails ? job_state::failed : job_state::succeeded);
    EXPECT_EQ(last.error, fails ? "asked to" : "");
    if (!fails) {
      EXPECT_EQ(last.result, (json{1, 2}));
    }
  }
}

TEST_F(dev_server, takes_a_subscription) {
  const auto got = parse_subscribe_reply(answer(make_subscribe_call(
      usual_paths, {"email.*", "http://127.0.0.1:1/notify"})));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_THAT(got->id, HasSubstr("subscription-"));
  EXPECT_THAT(parse_subscribe_reply(answer(make_subscribe_call(
                  usual_paths, {"email.*", "http://example.com/"}))),
              fails_with(api_errc::rejected, "another machine"));
}

TEST_F(dev_server, tells_what_it_is) {
  const auto got = parse_info_reply(answer(make_info_call(usual_paths)));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->name, "mfo-dev-server");
  EXPECT_TRUE(got->endpoints.is_array());
}

TEST_F(dev_server, says_how_long_to_wait) {
  ASSERT_TRUE(server->set_faults(R"({"statuses":[429],"retry_after":"3"})"));
  const auto got = parse_info_reply(answer(make_info_call(usual_paths)));
  ASSERT_THAT(got, fails_with(api_errc::busy, "a fault"));
  EXPECT_EQ(got.error().server_code, "rate_limited");
  EXPECT_EQ(got.error().retry_after, std::chrono::seconds{3});
  EXPECT_TRUE(is_transient(got.error()));
}

TEST_F(dev_server, may_answer_nonsense) {
  ASSERT_TRUE(server->set_faults(R"({"body_bytes":100})"));
  EXPECT_THAT(parse_info_reply(answer(make_info_call(usual_paths))),
              fails_with(api_errc::bad_reply, "not an object"));
  ASSERT_TRUE(server->set_faults(R"({"body_bytes":1})"));
  EXPECT_THAT(parse_info_reply(answer(make_info_call(usual_paths))),
              fails_with(api_errc::bad_reply, "not JSON"));
}

} // namespace
} // namespace mfo::api
