// What an operator learns of one event, from the real program.

#include "tests/integration/taskflow_fixture.hpp"

namespace mfo::integration {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class the_events : public a_node_with_workflows {
protected:
  json story_of(const std::string& id) {
    return get("/api/v1/events/" + id)["events"][0];
  }

  static std::vector<std::string> steps_of(const json& event) {
    std::vector<std::string> names;
    for (const auto& each : event["steps"])
      names.push_back(each["step"]);
    return names;
  }

  struct ended {
    int status = -1;
    std::string out;
    std::string err;
  };

  ended run_command(std::vector<std::string> words) {
    words.insert(words.begin(), binary);
    words.insert(words.end(),
                 {"--admin", "http://127.0.0.1:" + std::to_string(admin_port)});
    child_process command{words};
    const auto status = command.wait();
    return {status.value_or(-1), command.output(), command.errors()};
  }
};

TEST_F(the_events, have_the_way_of_one_that_is_delivered) {
  start();
  const auto id = event_id(post(R"({"a":1})"));
  const auto event = story_of(id);
  EXPECT_EQ(event["outcome"], "delivered");
  EXPECT_EQ(event["endpoint"], "webhook");
  EXPECT_EQ(event["source"], "127.0.0.1");
  EXPECT_EQ(event["size"], 7);
  EXPECT_EQ(event["answer"], 202);
  EXPECT_EQ(event["attempts"], 1);
  EXPECT_EQ(event["stage"], "mfo_connector");
  EXPECT_THAT(steps_of(event), ElementsAre("received", "verified", "routed",
                                           "sent", "delivered"));
  EXPECT_EQ(event["steps"][3]["server"], "default");
}

TEST_F(the_events, say_why_one_did_not_arrive) {
  start();
  set_faults(R"({"statuses":[400]})");
  const auto got = post("{}");
  const auto event = story_of(event_id(got));
  EXPECT_EQ(event["outcome"], "refused");
  EXPECT_EQ(event["reason"], "upstream_rejected");
  EXPECT_EQ(event["upstream_status"], 400);
  EXPECT_EQ(event["answer"], got.status);
  EXPECT_EQ(steps_of(event).back(), "refused");
}

TEST_F(the_events, have_those_that_never_became_one) {
  start();
  const auto unsigned_one = raw_client(port).ask(
      "POST", "/webhook", "{}", {{"Content-Type", "application/json"}});
  EXPECT_EQ(story_of(event_id(unsigned_one))["reason"], "bad_signature");
  const auto lost = raw_client(port).ask("POST", "/nowhere?token=marker", "{}");
  const auto event = story_of(event_id(lost));
  EXPECT_EQ(event["reason"], "not_found");
  EXPECT_EQ(event["endpoint"], "none");
  EXPECT_EQ(event["path"], "/nowhere");
  EXPECT_THAT(event.dump(), Not(HasSubstr("marker")));
  raw_client broken{port};
  broken.write("nonsense\r\n\r\n");
  const auto refused = broken.read();
  EXPECT_EQ(story_of(event_id(refused))["reason"], "malformed_request");
}

TEST_F(the_events, have_those_in_flight) {
  start();
  set_faults(R"({"silent":true})");
  raw_client sender{port};
  sender.write(signed_request("{}"));
  ASSERT_TRUE(comes_to_hold(1));
  ASSERT_TRUE(wait_until([&] {
    const auto events = get("/api/v1/events?outcome=in_flight")["events"];
    return events.size() == 1 && events[0]["stage"] == "mfo_connector";
  }));
  serve();
  EXPECT_GT(sender.read().status, 0);
}

TEST_F(the_events, have_each_time_that_a_delivery_came) {
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
             "    delivery_id_header: X-Delivery\n");
  const auto id = event_id(post("{}", {{"X-Delivery", "d-1"}}));
  post("{}", {{"X-Delivery", "d-1"}});
  const auto story = get("/api/v1/events/" + id);
  ASSERT_EQ(story["events"].size(), 2u) << story;
  EXPECT_EQ(story["events"][0]["reason"], "duplicate");
  EXPECT_EQ(story["events"][1]["outcome"], "delivered");
  EXPECT_EQ(get("/api/v1/events?q=d-1")["events"].size(), 2u);
}

TEST_F(the_events, have_the_runs_that_they_started) {
  run(webhook, R"(
    - {id: try_it, type: mfo_api_tool_execute, config: {tool_id: no_such_tool}}
)");
  const auto id = event_id(post("{}"));
  const auto story = get("/api/v1/events/" + id);
  const auto& event = story["events"][0];
  EXPECT_EQ(event["reason"], "taskflow_failed");
  EXPECT_THAT(steps_of(event), Contains("started"));
  EXPECT_EQ(event["steps"][2]["triggers"], json::array({"w/hook"})) << story;
  ASSERT_EQ(story["runs"].size(), 1u);
  EXPECT_EQ(story["runs"][0]["tasks"][0]["path"], "try_it");
}

TEST_F(the_events, go_to_the_dead_letters) {
  start_with("endpoints:\n"
             "  - id: webhook\n"
             "    path: /webhook\n"
             "    signature: {secret: \"${WEBHOOK_SECRET}\"}\n"
             "    ack: received\n"
             "dead_letters: [{name: disk, type: file, path: letters}]\n");
  set_faults(R"({"statuses":[400]})");
  const auto id = event_id(post("{}"));
  ASSERT_TRUE(
      wait_until([&] { return story_of(id)["outcome"] == "dead_lettered"; }));
  const auto event = story_of(id);
  EXPECT_EQ(event["sink"], "disk");
  EXPECT_EQ(event["reason"], "upstream_rejected");
  EXPECT_EQ(event["answer"], 202);
  // Its sender is told while it goes on.
  EXPECT_THAT(steps_of(event),
              UnorderedElementsAre("received", "verified", "acknowledged",
                                   "routed", "sent", "undelivered",
                                   "dead_lettered"));
  EXPECT_EQ(steps_of(event).back(), "dead_lettered");
}

TEST_F(the_events, are_shown_by_a_command) {
  start();
  const auto id = event_id(post("{}"));
  const auto list = run_command({"events", "--since", "10m"});
  EXPECT_EQ(list.status, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr(id));
  const auto one = run_command({"events", id});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_THAT(one.out, HasSubstr("delivered"));
  const auto as_json =
      run_command({"events", "--outcome", "refused", "--json"});
  EXPECT_EQ(json::parse(as_json.out),
            json({{"events", json::array()}, {"more", false}}));
  const auto lost = run_command({"events", "no-such-id"});
  EXPECT_NE(lost.status, 0);
  EXPECT_THAT(lost.err, HasSubstr("There is no such event"));
  const auto status = run_command({"status"});
  EXPECT_EQ(status.status, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr(": ok, ready, up "));
  EXPECT_THAT(run_command({"status", "--json"}).out, HasSubstr("\"checks\""));
  const auto endpoints = run_command({"endpoints"});
  EXPECT_EQ(endpoints.status, 0) << endpoints.err;
  EXPECT_THAT(endpoints.out, HasSubstr("POST /webhook"));
  const auto as_program = json::parse(run_command({"endpoints", "--json"}).out);
  EXPECT_EQ(as_program["endpoints"][0]["delivered"], 1);
}

TEST_F(the_events, are_not_written_down_where_nobody_wants_it) {
  start("events: {keep: 0}\n");
  const auto id = event_id(post("{}"));
  EXPECT_EQ(ask_admin("GET", "/api/v1/events/" + id).status, 404);
}

TEST_F(the_events, are_asked_for_by_what_is_something) {
  start();
  EXPECT_EQ(run_command({"events", ""}).status, 64);
  EXPECT_EQ(run_command({"drain", ""}).status, 64);
  EXPECT_EQ(run_command({"events", "a", "--endpoint", "webhook"}).status, 64)
      << "one event is not looked for";
  const auto wrong = run_command({"events", "--since", "yesterday"});
  EXPECT_EQ(wrong.status, 64);
  EXPECT_THAT(wrong.out + wrong.err, HasSubstr("as 90m or 7d"));
  for (const auto* since : {"15m", "7d", "2025-11-24", "2025-11-24T07:53:48Z"})
    EXPECT_EQ(run_command({"events", "--since", since}).out, "no events\n");
}

TEST_F(the_events, are_looked_for_at_an_endpoint_that_is_there) {
  start();
  const auto of = [this](const std::string& endpoint) {
    return run_command({"events", "--endpoint", endpoint}).out;
  };
  EXPECT_EQ(of("webhook"), "no events\n");
  EXPECT_EQ(of("none"), "no events\n");
  EXPECT_EQ(of("webhok"), "no events\nno endpoint is called webhok; did you "
                          "mean webhook?\n");
  EXPECT_EQ(of("elsewhere"), "no events\nno endpoint is called elsewhere\n");
}

TEST_F(the_events, are_those_of_a_node_that_is_alone) {
  start();
  const auto alone = run_command({"drain", "node-a"});
  EXPECT_EQ(alone.status, 1);
  EXPECT_THAT(alone.err, HasSubstr("no `cluster`"));
}

} // namespace
} // namespace mfo::integration
