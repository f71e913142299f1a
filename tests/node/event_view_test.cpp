#include "node/event_view.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mfo::node {

namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const auto refused = json::parse(R"({
  "id": "01a2", "endpoint": "gh", "type": "github.push", "source": "192.0.2.7",
  "delivery_id": "d-1", "received_at": "2026-11-24T07:53:48.001Z", "size": 12,
  "generation": 1, "outcome": "refused", "reason": "upstream_rejected",
  "detail": "400 \u001b[31m", "answer": 502, "attempts": 2,
  "upstream_status": 400, "duration_ms": 12.5,
  "steps": [
    {"step": "received", "at_ms": 0},
    {"step": "routed", "at_ms": 0.25, "server": "default",
     "triggers": ["a/b", "a/c"]},
    {"step": "refused", "at_ms": 12.5, "reason": "upstream_rejected"}]})");

TEST(the_list_of_events, has_a_line_for_each) {
  const auto text = event_list({{"events", {refused}}});
  EXPECT_THAT(text, HasSubstr("RECEIVED"));
  EXPECT_THAT(text, HasSubstr("2026-11-24T07:53:48.001Z  01a2  gh"));
  EXPECT_THAT(text, HasSubstr("upstream_rejected  502"));
  EXPECT_THAT(text, HasSubstr("d-1\n"));
}

TEST(the_list_of_events, says_that_there_is_none) {
  EXPECT_EQ(event_list({{"events", json::array()}}), "no events\n");
  EXPECT_EQ(event_list(json{}), "no events\n");
}

TEST(the_list_of_events, says_that_there_are_older_ones) {
  EXPECT_THAT(event_list({{"events", {refused}}, {"more", true}}),
              EndsWith("and older ones: see --limit\n"));
  EXPECT_THAT(event_list({{"events", {refused}}, {"more", false}}),
              Not(HasSubstr("older")));
}

TEST(the_story_of_an_event, is_a_timeline) {
  const auto text = event_story(
      {{"id", "01a2"}, {"events", {refused}}, {"runs", json::array()}});
  EXPECT_THAT(text, HasSubstr("event     01a2\n"));
  EXPECT_THAT(text, HasSubstr("reason    upstream_rejected\n"));
  EXPECT_THAT(text, HasSubstr("server=default triggers=a/b,a/c\n"));
  EXPECT_LT(text.find("received  \n"), text.find("routed"));
  EXPECT_THAT(text, HasSubstr("answer    502\n"));
}

TEST(the_story_of_an_event, leaves_out_what_is_not_known) {
  const auto text = event_story({{"id", "x"}, {"events", {{{"id", "x"}}}}});
  EXPECT_THAT(text, Not(HasSubstr("reason")));
}

TEST(the_story_of_an_event, cannot_steer_a_terminal) {
  EXPECT_THAT(event_story({{"id", "a"}, {"events", {refused}}}),
              Not(HasSubstr("\x1b")));
}

TEST(the_story_of_an_event, has_its_runs) {
  const auto run = json::parse(
      R"({"id": "r-1", "workflow": "w", "taskflow": "main", "trigger": "t",
          "event_id": "a", "state": "ended", "outcome": "Failed",
          "tasks": [{"path": "check", "type": "condition", "began_ms": 1,
                     "state": "running", "attempts": 1}]})");
  const auto text =
      event_story({{"id", "a"}, {"events", json::array()}, {"runs", {run}}});
  EXPECT_THAT(text, HasSubstr("run       r-1\n"));
  EXPECT_THAT(text, HasSubstr("check"));
}

} // namespace

} // namespace mfo::node
