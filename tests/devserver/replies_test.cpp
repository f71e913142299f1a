#include "devserver/replies_file.hpp"
#include "tests/devserver/fixture.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fmt/format.h>

namespace mfo::devserver {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

replies good(std::string_view text) {
  auto read = parse_replies(text, "replies.yaml");
  if (read)
    return *std::move(read);
  ADD_FAILURE() << config::to_string(read.error());
  return {};
}

std::string problems_of(std::string_view text) {
  const auto read = parse_replies(text, "replies.yaml");
  return read ? "" : config::to_string(read.error());
}

// --- the file ----------------------------------------------------------------

TEST(replies_file, may_say_nothing) {
  const auto read = good("{}");
  EXPECT_TRUE(read.tools.empty());
  EXPECT_TRUE(read.chat.empty());
}

TEST(replies_file, is_yaml_or_json) {
  EXPECT_EQ(good("tools: {look_up: {name: Ada, age: 36}}").tools,
            good(R"({"tools":{"look_up":{"name":"Ada","age":36}}})").tools);
}

TEST(replies_file, keeps_types_and_leaves_dollars_alone) {
  const auto read = good("tools: {price: 12.5, text: \"12.5\", none: ~, "
                         "dollar: \"${HOME}\"}");
  EXPECT_EQ(read.tools.at("price"), "12.5");
  EXPECT_EQ(read.tools.at("text"), "\"12.5\"");
  EXPECT_EQ(read.tools.at("none"), "null");
  EXPECT_EQ(read.tools.at("dollar"), "\"${HOME}\"");
}

TEST(replies_file, takes_any_name_for_memory) {
  EXPECT_EQ(good("memory: {\"Last mail of ada@example.com\": 1}").memory.size(),
            1u);
}

TEST(replies_file, names_the_place_of_a_key_that_it_does_not_know) {
  EXPECT_THAT(problems_of("tools: {a: 1}\nchat:\n  - contents: x\n"),
              HasSubstr("replies.yaml:3:5: chat[0].contents: unknown key (did "
                        "you mean content?)"));
}

TEST(replies_file, names_all_that_is_wrong) {
  const auto all = problems_of("tool: {}\n"
                               "tools: [a]\n"
                               "chat: [{contains: a}]\n"
                               "memory: {a: 1, a: 2}\n"
                               "resources: [{title: no id}, {id: 5}]\n"
                               "jobs: {one: {polls: -1}}\n");
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 7) << all;
}

TEST(replies_file, names_itself_when_it_is_not_there) {
  const support::temporary_folder folder;
  const auto read = read_replies(folder / "none.yaml");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().front().line, 0);
  EXPECT_EQ(read.error().front().file, folder / "none.yaml");
}

TEST(replies, of_two_files_are_those_of_the_first_and_what_it_lacks) {
  auto all = good("tools: {a: 1}\nchat: [{content: one}]\n"
                  "jobs: {j: {polls: 1}}\n");
  add(all, good("tools: {a: 2, b: 2}\nchat: [{content: two}]\n"
                "jobs: {j: {polls: 2}, k: {polls: 2}}\n"));
  EXPECT_EQ(all.tools.at("a"), "1");
  EXPECT_EQ(all.tools.at("b"), "2");
  EXPECT_EQ(all.chat.front().content, "one");
  ASSERT_EQ(all.jobs.size(), 2u);
  EXPECT_EQ(all.jobs.front().polls, 1u);
}

// --- the server --------------------------------------------------------------

class canned : public running_server {
protected:
  void know(std::string_view text) {
    options settings;
    settings.canned = good(text);
    run(std::move(settings));
  }

  std::string chat(const std::string& said, const std::string& system = "s") {
    const json body{{"messages",
                     {{{"role", "system"}, {"content", system}},
                      {{"role", "user"}, {"content", said}}}}};
    return ask_json("POST", "/api/chat", body.dump())["message"]["content"];
  }
};

TEST_F(canned, tool_answers_whatever_it_is_asked) {
  know("tools: {create_issue: {number: 7}}");
  EXPECT_EQ(ask_json("POST", "/api/tools/create_issue", R"({"title":"x"})"),
            json::parse(R"({"result":{"number":7}})"));
  EXPECT_EQ(ask("POST", "/api/tools/other", "{}").status, 404);
}

TEST_F(canned, tool_stands_in_for_one_of_the_servers_own) {
  know("tools: {add: lots}");
  EXPECT_EQ(ask_json("POST", "/api/tools/add", "{}")["result"], "lots");
}

TEST_F(canned, tool_is_listed_once) {
  know("tools: {create_issue: {}, add: 1}");
  const auto reply = ask_json("GET", "/api/tools");
  std::vector<std::string> ids;
  for (const auto& each : reply.at("tools"))
    ids.push_back(each["id"]);
  std::sort(ids.begin(), ids.end());
  EXPECT_THAT(ids, ElementsAre("add", "create_issue", "echo", "fail",
                               "start_job", "upper"));
}

TEST_F(canned, chat_is_the_first_that_fits) {
  know("chat:\n"
       "  - {contains: refund, content: money}\n"
       "  - {contains: German, content: Guten Tag}\n"
       "  - {content: anything else}\n");
  EXPECT_EQ(chat("I want a refund", "Answer in German."), "money");
  EXPECT_EQ(chat("Hello", "Answer in German."), "Guten Tag");
  EXPECT_EQ(chat("Hello"), "anything else");
}

TEST_F(canned, chat_says_again_what_no_reply_fits) {
  know("chat: [{contains: refund, content: money}]");
  EXPECT_EQ(chat("Hello"), "Hello");
}

TEST_F(canned, chat_is_in_the_history) {
  know("chat: [{content: Guten Tag}]");
  const auto body = R"({"thread_id":"t","messages":[)"
                    R"({"role":"user","content":"Hello"}]})";
  EXPECT_EQ(ask("POST", "/api/chat", body).status, 200);
  EXPECT_EQ(ask_json("GET", "/api/chat/t")["messages"][1]["content"],
            "Guten Tag");
}

TEST_F(canned, chat_streams) {
  know("chat: [{content: Guten Tag}]");
  EXPECT_THAT(ask("POST", "/api/chat/stream",
                  R"({"messages":[{"role":"user","content":"Hello"}]})")
                  .body,
              HasSubstr(R"({"content":"Tag"})"));
}

TEST_F(canned, memory_is_there_for_every_user_and_can_be_changed) {
  know("memory: {last: {n: 1}}");
  EXPECT_EQ(ask_json("GET", "/api/memory/last")["value"]["n"], 1);
  EXPECT_EQ(ask("PUT", "/api/memory/last", R"({"value":2})").status, 200);
  EXPECT_EQ(ask_json("GET", "/api/memory/last")["value"], 2);
  const auto token = ask_json("POST", "/api/login",
                              R"({"username":"ada","password":"x"})")["token"]
                         .get<std::string>();
  EXPECT_EQ(ask_json("GET", "/api/memory/last", {},
                     {{"Authorization", "Bearer " + token}})["value"]["n"],
            1);
}

TEST_F(canned, memory_stays_forgotten) {
  know("memory: {last: 1}");
  EXPECT_EQ(ask("DELETE", "/api/memory/last").status, 200);
  EXPECT_EQ(ask("GET", "/api/memory/last").status, 404);
}

TEST_F(canned, resources_are_there) {
  know("resources: [{id: prices/de, content: {tea: 3}}]");
  EXPECT_EQ(ask_json("GET", "/api/resources/prices/de")["content"]["tea"], 3);
}

TEST_F(canned, job_ends_after_its_polls) {
  know("jobs: {export-1: {polls: 1, result: {rows: 3}}}");
  EXPECT_EQ(ask_json("GET", "/api/jobs/status/export-1")["status"], "running");
  EXPECT_EQ(ask_json("GET", "/api/jobs/status/export-1")["result"]["rows"], 3);
}

TEST_F(canned, job_fails_where_it_is_to) {
  know("jobs: {export-1: {polls: 0, fail: true}}");
  EXPECT_EQ(ask_json("GET", "/api/jobs/status/export-1")["status"], "failed");
}

TEST(calls, are_told_with_their_bodies) {
  std::vector<std::string> told;
  options settings;
  settings.on_call = [&](const call_notice& call) {
    told.push_back(fmt::format("{} {} {} {}", call.method, call.path, call.body,
                               call.status));
  };
  server one{std::move(settings)};
  const auto port = one.start();
  ASSERT_TRUE(port) << port.error();
  ask(*port, "POST", "/api/tools/echo?x=1", R"({"a":1})");
  ask(*port, "GET", "/api/memory/none");
  ask(*port, "POST", "/api/events", R"({"id":"e"})");
  one.stop();
  EXPECT_THAT(told, ElementsAre(R"(POST /api/tools/echo {"a":1} 200)",
                                "GET /api/memory/none  404"));
}

} // namespace
} // namespace mfo::devserver
