// What the console asks of a node, from the real program.

#include "tests/integration/fixture.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

namespace mfo::integration {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

class the_console : public running_node {
protected:
  void start_with_letters() {
    start_with("endpoints:\n"
               "  - id: webhook\n"
               "    path: /webhook\n"
               "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
               "    ack: received\n"
               "dead_letters: [{name: disk, type: file, path: letters}]\n");
  }

  /// The id of an event that is a dead letter now.
  std::string lose_one() {
    set_faults(R"({"statuses":[422],"repeat":true})");
    auto id = event_id(post(R"({"a":1})"));
    EXPECT_TRUE(wait_until([&] {
      return get("/api/v1/dead-letters")["dead_letters"].size() == 1;
    }));
    return id;
  }

  static std::string replay_request(const std::string& id) {
    const auto body = json{{"event_ids", {id}}}.dump();
    return "POST /api/v1/dead-letters/replay HTTP/1.1\r\nHost: localhost\r\n"
           "Content-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  json get(const std::string& target) {
    return json::parse(ask_admin("GET", target).body, nullptr, false);
  }

  std::unique_ptr<raw_client> begin_stream() const {
    auto client = std::make_unique<raw_client>(admin_port);
    client->write("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    read_until(*client, "event: overview");
    return client;
  }

  static void read_until(raw_client& client, const std::string& wanted) {
    std::string text;
    EXPECT_TRUE(wait_until([&] {
      text += client.read_all(50);
      return text.find(wanted) != text.npos;
    })) << text;
  }
};

TEST_F(the_console, is_told_what_is_wrong_and_since_when) {
  server_options = "retry: once";
  start("retries: {once: {limit: {count: 1}}}\n");
  EXPECT_EQ(get("/api/v1/overview")["status"], "ok");
  EXPECT_EQ(get("/api/v1/overview")["problems"], json::array());
  set_faults(R"({"statuses":[500],"repeat":true})");
  for (int i = 0; i < 5; ++i)
    post("1");
  ASSERT_TRUE(wait_until(
      [&] { return get("/api/v1/overview")["status"] == "degraded"; }));
  std::string since;
  // By then the node has looked, and it stays what it is.
  EXPECT_TRUE(wait_until([&] {
    const auto now = get("/api/v1/overview");
    const auto before =
        std::exchange(since, now["problems"][0].value("since", std::string{}));
    return before == since && since < now["at"].get<std::string>();
  }));
  EXPECT_EQ(get("/api/v1/overview")["problems"][0]["what"], "server default");
}

TEST_F(the_console, is_told_of_an_event_as_it_ends) {
  start();
  const auto stream = begin_stream();
  const auto id = event_id(post("1"));
  read_until(*stream, "\"id\":\"" + id);
}

TEST_F(the_console, holds_up_no_node_that_stops) {
  start();
  const auto stream = begin_stream();
  const auto begun = steady_clock::now();
  node->signal(SIGTERM);
  EXPECT_THAT(stream->read_all(), testing::EndsWith("0\r\n\r\n"));
  EXPECT_EQ(node->wait(), 0);
  EXPECT_LT(steady_clock::now() - begun, seconds{4});
}

TEST_F(the_console, shows_dead_letters_and_has_them_delivered) {
  start_with_letters();
  const auto id = lose_one();
  const auto shown = get("/api/v1/dead-letters");
  EXPECT_EQ(shown["sinks"][0]["name"], "disk");
  EXPECT_EQ(shown["dead_letters"][0]["event_id"], id);
  EXPECT_EQ(shown["dead_letters"][0]["reason"], "upstream_rejected");
  const auto replay = [&] {
    return json::parse(ask_admin("POST", "/api/v1/dead-letters/replay",
                                 json{{"event_ids", {id}}}.dump())
                           .body);
  };
  EXPECT_EQ(replay()["failed"][0]["event_id"], id);
  server->clear_faults();
  EXPECT_EQ(replay()["replayed"], json({id}));
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(server->ids()[0], id);
  EXPECT_EQ(get("/api/v1/dead-letters")["dead_letters"], json::array());
}

TEST_F(the_console, answers_other_things_while_a_letter_is_delivered) {
  start_with_letters();
  const auto id = lose_one();
  set_faults(R"({"silent":true})");
  raw_client waiting{admin_port};
  waiting.write(replay_request(id));
  ASSERT_TRUE(wait_until(
      [&] { return ask_admin("GET", "/api/v1/dead-letters").status == 503; }));
  EXPECT_EQ(ask_admin("GET", "/api/v1/overview").status, 200);
  const auto begun = steady_clock::now();
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0) << "whatever is under way";
  EXPECT_LT(steady_clock::now() - begun, seconds{4});
}

} // namespace
} // namespace mfo::integration
