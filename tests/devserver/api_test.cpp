#include "tests/devserver/fixture.hpp"

namespace mfo::devserver {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class api : public running_server {};

TEST_F(api, accepts_an_event_and_names_its_id) {
  const auto got = ask("POST", "/api/events", R"({"id":"e-1","type":"a.b"})");
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.body, R"({"id":"e-1","status":"accepted"})");
}

TEST_F(api, takes_the_idempotency_key_for_an_event_without_id) {
  const auto got = ask_json("POST", "/api/events", R"({"type":"a.b"})",
                            {{"Idempotency-Key", "key-7"}});
  EXPECT_EQ(got["id"], "key-7");
}

TEST_F(api, refuses_an_event_that_is_not_json) {
  const auto got = ask("POST", "/api/events", "{\"id\":");
  EXPECT_EQ(got.status, 400);
  EXPECT_EQ(json::parse(got.body)["error"]["code"], "bad_request");
  EXPECT_EQ(one->count(), 0u);
}

TEST_F(api, logs_in_on_both_documented_paths) {
  const auto who = R"({"username":"ada","password":"x"})";
  for (const auto* path : {"/api/login", "/auth/login"}) {
    const auto token = ask_json("POST", path, who)["token"].get<std::string>();
    EXPECT_EQ(std::count(token.begin(), token.end(), '.'), 2) << token;
  }
}

TEST_F(api, asks_for_username_and_password) {
  EXPECT_EQ(ask("POST", "/api/login", R"({"username":"ada"})").status, 400);
}

TEST_F(api, answers_in_the_documented_error_shape) {
  const auto got = ask("GET", "/api/nothing");
  EXPECT_EQ(got.status, 404);
  const auto error = json::parse(got.body)["error"];
  EXPECT_EQ(error["status"], 404);
  EXPECT_EQ(error["code"], "not_found");
  EXPECT_TRUE(error["message"].is_string());
}

TEST_F(api, names_the_methods_that_a_path_takes) {
  const auto got = ask("PUT", "/api/resources");
  EXPECT_EQ(got.status, 405);
  EXPECT_EQ(got.header("Allow"), "GET, POST");
}

TEST_F(api, says_the_last_message_again) {
  const auto got = ask_json(
      "POST", "/api/chat",
      R"({"messages":[{"role":"user","content":"hi"}],"thread_id":"t/1"})");
  EXPECT_EQ(got["message"], (json{{"role", "assistant"}, {"content", "hi"}}));
  EXPECT_EQ(got["thread_id"], "t/1");
}

TEST_F(api, keeps_the_history_of_a_thread) {
  const auto say = R"({"messages":[{"role":"user","content":"hi"}]})";
  const auto thread =
      ask_json("POST", "/api/chat", say)["thread_id"].get<std::string>();
  const auto history = ask_json("GET", "/api/chat/" + thread);
  ASSERT_EQ(history["messages"].size(), 2u);
  EXPECT_EQ(history["messages"][0]["role"], "user");
  EXPECT_EQ(history["messages"][1]["role"], "assistant");
  EXPECT_EQ(ask("GET", "/api/chat/another").status, 404);
}

TEST_F(api, refuses_a_chat_without_messages) {
  EXPECT_EQ(ask("POST", "/api/chat", R"({"messages":[]})").status, 400);
  EXPECT_EQ(ask("POST", "/api/chat", "[]").status, 400);
}

TEST_F(api, streams_a_chat_with_either_documented_end) {
  const auto say = R"({"messages":[{"role":"user","content":"a bc"}]})";
  const auto got = ask("POST", "/api/chat/stream", say);
  EXPECT_EQ(got.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(got.body, "data: {\"content\":\"a \"}\n\n"
                      "data: {\"content\":\"bc\"}\n\ndata: [DONE]\n\n");
  EXPECT_THAT(ask("POST", "/api/chat/stream?end=complete", say).body,
              HasSubstr("data: {\"status\":\"complete\"}\n\n"));
}

TEST_F(api, echoes_a_tool_s_arguments_byte_for_byte) {
  EXPECT_EQ(ask("POST", "/api/tools/echo", R"({ "b":1.0,"a":1e400 })").status,
            400); // a number that the tools' own JSON reader cannot hold
  EXPECT_EQ(ask("POST", "/api/tools/echo", R"({ "b":1.0,"a":"\u0041" })").body,
            R"({"result":{ "b":1.0,"a":"\u0041" }})");
}

TEST_F(api, calls_tools) {
  EXPECT_EQ(ask_json("POST", "/api/tools/add", R"({"a":2,"b":3})")["result"],
            5);
  EXPECT_EQ(ask_json("POST", "/api/tools/add", R"({"a":2,"b":0.5})")["result"],
            2.5);
  EXPECT_EQ(ask_json("POST", "/api/tools/upper", R"({"text":"aé"})")["result"],
            "Aé");
  EXPECT_EQ(ask("POST", "/api/tools/fail", "{}").status, 500);
  EXPECT_EQ(ask("POST", "/api/tools/add", R"({"a":2})").status, 400);
  EXPECT_EQ(ask("POST", "/api/tools/none", "{}").status, 404);
  EXPECT_EQ(ask_json("GET", "/api/tools")["tools"].size(), 5u);
}

TEST_F(api, completes_a_job_after_as_many_polls_as_were_asked_for) {
  const auto started = ask_json("POST", "/api/tools/start_job",
                                R"({"polls":2,"result":{"n":1}})");
  const auto path =
      "/api/jobs/status/" + started["result"]["job_id"].get<std::string>();
  EXPECT_EQ(ask_json("GET", path)["status"], "running");
  EXPECT_EQ(ask_json("GET", path)["status"], "running");
  const auto done = ask_json("GET", path);
  EXPECT_EQ(done["status"], "completed");
  EXPECT_EQ(done["result"], (json{{"n", 1}}));
  EXPECT_EQ(ask("GET", "/api/jobs/status/none").status, 404);
}

TEST_F(api, fails_a_job_that_was_asked_to) {
  const auto started =
      ask_json("POST", "/api/tools/start_job", R"({"polls":0,"fail":true})");
  const auto path =
      "/api/jobs/status/" + started["result"]["job_id"].get<std::string>();
  EXPECT_EQ(ask_json("GET", path)["status"], "failed");
}

TEST_F(api, remembers_in_both_documented_forms) {
  EXPECT_EQ(ask("POST", "/api/memory", R"({"key":"a","value":1.0})").status,
            200);
  EXPECT_EQ(ask("GET", "/api/memory/get?key=a").body,
            R"({"key":"a","value":1.0})");
  EXPECT_EQ(
      ask("POST", "/api/memory/set", R"({"key":"b/c","value":[ 1 ]})").status,
      200);
  EXPECT_EQ(ask("GET", "/api/memory/b%2Fc").body,
            R"({"key":"b/c","value":[ 1 ]})");
  EXPECT_EQ(ask_json("GET", "/api/memory")["keys"],
            (json::array({"a", "b/c"})));
}

TEST_F(api, replaces_and_forgets) {
  EXPECT_EQ(ask("PUT", "/api/memory/a", R"({"value":1})").status, 201);
  EXPECT_EQ(ask("PUT", "/api/memory/a", R"({"value":2})").status, 200);
  EXPECT_EQ(ask_json("GET", "/api/memory/a")["value"], 2);
  EXPECT_EQ(ask("DELETE", "/api/memory/a").status, 200);
  EXPECT_EQ(ask("GET", "/api/memory/a").status, 404);
  EXPECT_EQ(ask("DELETE", "/api/memory/a").status, 404);
  EXPECT_EQ(ask("PUT", "/api/memory/a", "2").status, 400);
}

TEST_F(api, keeps_one_user_s_memory_from_another) {
  const auto as = [&](const char* name) {
    const auto token =
        ask_json("POST", "/api/login",
                 json{{"username", name}, {"password", ""}}.dump())["token"]
            .get<std::string>();
    return field_list{{"Authorization", "Bearer " + token}};
  };
  ask("PUT", "/api/memory/a", R"({"value":1})", as("ada"));
  EXPECT_EQ(ask("GET", "/api/memory/a", {}, as("ada")).status, 200);
  EXPECT_EQ(ask("GET", "/api/memory/a", {}, as("bob")).status, 404);
}

TEST_F(api, takes_a_subscription) {
  const auto got =
      ask("POST", "/api/notifications/subscribe",
          R"({"event":"a.b","callback_url":"http://127.0.0.1:1/x"})");
  EXPECT_EQ(got.status, 201);
  EXPECT_EQ(json::parse(got.body)["event"], "a.b");
  EXPECT_EQ(ask("POST", "/api/notifications/subscribe", "{}").status, 400);
  EXPECT_EQ(ask("POST", "/api/notifications/subscribe", "7").status, 400);
}

TEST_F(api, keeps_resources_whose_ids_have_slashes) {
  const auto text = R"({"id":"docs/a/b","title":"t","content":1.0})";
  EXPECT_EQ(ask("POST", "/api/resources", text).status, 201);
  EXPECT_EQ(ask("GET", "/api/resources/docs/a/b").body, text);
  EXPECT_EQ(ask_json("GET", "/api/resources")["resources"].size(), 1u);
  EXPECT_EQ(ask("GET", "/api/resources/docs").status, 404);
}

TEST_F(api, gives_a_resource_an_id) {
  const auto made = ask_json("POST", "/api/resources", R"({"title":"t"})");
  EXPECT_EQ(
      ask("GET", "/api/resources/" + made["id"].get<std::string>()).status,
      200);
}

TEST_F(api, tells_what_it_is) {
  const auto info = ask_json("GET", "/info");
  EXPECT_EQ(info["name"], "mfo-dev-server");
  EXPECT_THAT(info["endpoints"].dump(), HasSubstr("POST /api/events"));
}

} // namespace
} // namespace mfo::devserver
