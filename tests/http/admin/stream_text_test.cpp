#include "http/admin/stream_text.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>

namespace mfo::http {

namespace {

using nlohmann::json;
using telemetry::event_book;
using telemetry::run_book;

/// What one event of a stream says.
json data_of(const std::string& text, const std::string& name) {
  const auto head = "event: " + name + "\ndata: ";
  EXPECT_TRUE(text.starts_with(head)) << text;
  EXPECT_TRUE(text.ends_with("\n\n")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 3) << "one line of data: " << text;
  return json::parse(text.substr(head.size()), nullptr, false);
}

telemetry::run_record run_of(const std::string& id, std::size_t tasks = 0) {
  telemetry::run_record run{.of = {.id = id,
                                   .workflow = "w",
                                   .taskflow = "main",
                                   .trigger = "t",
                                   .event_id = id}};
  run.tasks_total = tasks;
  run.tasks.resize(tasks, {.path = "a/b", .type = "set"});
  return run;
}

TEST(the_text_of_a_stream, has_a_name_and_a_line) {
  EXPECT_EQ(stream_event("overview", "{}"), "event: overview\ndata: {}\n\n");
}

TEST(the_text_of_a_stream, has_events_as_the_list_has_them) {
  const auto event = std::make_shared<telemetry::event_record>();
  event->id = "a\nb";
  const auto said =
      data_of(stream_event(event_book::news{.events = {event}, .left_out = 3}),
              "events");
  EXPECT_EQ(said["events"][0]["id"], "a\nb");
  EXPECT_EQ(said["events"][0]["outcome"], "in_flight");
  EXPECT_EQ(said["left_out"], 3);
}

TEST(the_text_of_a_stream, has_runs_with_their_tasks) {
  const auto said = data_of(
      stream_event(run_book::news{.runs = {run_of("a", 2), run_of("b")}},
                   10'000),
      "runs");
  EXPECT_EQ(said["runs"].size(), 2u);
  EXPECT_EQ(said["runs"][0]["tasks"][1]["path"], "a/b");
  EXPECT_EQ(said["left_out"], 0);
}

TEST(the_text_of_a_stream, leaves_out_runs_that_are_too_long) {
  const auto said = data_of(
      stream_event(run_book::news{.runs = {run_of("a"), run_of("long", 100),
                                           run_of("b")},
                                  .left_out = 1},
                   2'000),
      "runs");
  ASSERT_EQ(said["runs"].size(), 2u);
  EXPECT_EQ(said["runs"][1]["id"], "b");
  EXPECT_EQ(said["left_out"], 2);
}

TEST(the_text_of_a_stream, is_none_without_news) {
  EXPECT_EQ(stream_event(event_book::news{}), "");
  EXPECT_EQ(stream_event(run_book::news{}, 100), "");
}

} // namespace

} // namespace mfo::http
