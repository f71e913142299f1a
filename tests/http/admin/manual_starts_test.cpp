#include "http/admin/manual_starts.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <thread>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

struct started_by_hand : testing::Test {
  task_control control() {
    return {.runs = {},
            .questions = {},
            .start =
                [this](manual_start what, task_control::begun_function on_begun,
                       task_control::ended_function on_ended) {
                  asked = std::move(what);
                  begun = std::move(on_begun);
                  ended = std::move(on_ended);
                },
            .cancel = {}};
  }

  void start(std::chrono::milliseconds wait = 0ms) {
    starts->start({.workflow = "intake",
                   .taskflow = "main",
                   .trigger = "hand",
                   .input = "1"},
                  wait, [this](answer value) {
                    EXPECT_FALSE(got) << "answered twice";
                    got = std::move(value);
                  });
  }

  /// All that can be done without waiting.
  void work() {
    io.restart();
    io.poll();
  }

  boost::asio::io_context io;
  manual_start asked;
  task_control::begun_function begun;
  task_control::ended_function ended;
  std::optional<answer> got;
  std::optional<manual_starts> starts{std::in_place, io, control()};
};

TEST_F(started_by_hand, is_a_run_as_soon_as_it_has_begun) {
  start();
  EXPECT_EQ(asked.workflow, "intake");
  EXPECT_EQ(asked.taskflow, "main");
  EXPECT_EQ(asked.trigger, "hand");
  EXPECT_EQ(asked.input, "1");
  EXPECT_FALSE(ended) << "nobody waits for the end";
  work();
  EXPECT_FALSE(got);
  begun("run-1");
  work();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 202);
  EXPECT_EQ(json::parse(got->body),
            json({{"run", "run-1"}, {"state", "running"}}));
  EXPECT_THAT(got->fields, testing::Contains(testing::Pair(
                               "Location", "/api/v1/runs/run-1")));
}

TEST_F(started_by_hand, tells_why_it_does_not_begin) {
  using why = start_refusal::reason;
  const std::pair<why, int> statuses[]{{why::unknown, 404},
                                       {why::no_trigger, 409},
                                       {why::bad_input, 422},
                                       {why::full, 503}};
  for (const auto& [reason, status] : statuses) {
    got.reset();
    start(1min);
    begun(tl::unexpected{start_refusal{reason, "It is so."}});
    work();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, status);
    EXPECT_EQ(json::parse(got->body)["detail"], "It is so.");
    EXPECT_EQ(got->retry_after.count(), status == 503 ? 1 : 0);
  }
}

TEST_F(started_by_hand, tells_the_end_to_whoever_waits) {
  start(1min);
  begun("run-1");
  work();
  EXPECT_FALSE(got);
  ended({"Succeeded", R"({"n":1})"});
  work();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(json::parse(got->body), json({{"run", "run-1"},
                                          {"state", "ended"},
                                          {"outcome", "Succeeded"},
                                          {"result", {{"n", 1}}}}));
}

TEST_F(started_by_hand, tells_why_it_failed) {
  start(1min);
  begun("run-1");
  ended({"Failed", "", telemetry::run_problem{"raised", "no stock", "check"}});
  work();
  ASSERT_TRUE(got);
  EXPECT_EQ(
      json::parse(got->body)["error"],
      json({{"code", "raised"}, {"message", "no stock"}, {"task", "check"}}));
  EXPECT_FALSE(json::parse(got->body).contains("result"));
}

TEST_F(started_by_hand, may_end_before_it_is_known_to_have_begun) {
  start(1min);
  ended({"Succeeded", "2"});
  work();
  EXPECT_FALSE(got);
  begun("run-1");
  work();
  ASSERT_TRUE(got);
  EXPECT_EQ(json::parse(got->body)["result"], 2);
}

TEST_F(started_by_hand, is_still_a_run_when_the_wait_is_over) {
  start(1ms);
  begun("run-1");
  io.restart();
  io.run(); // to the end of the timer
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 202);
  ended({"Succeeded", "2"});
  work(); // the end is for nobody
}

TEST_F(started_by_hand, is_told_on_the_thread_that_asked) {
  start(1min);
  std::thread engine{[this] {
    begun("run-1");
    ended({"Succeeded", "2"});
  }};
  engine.join();
  EXPECT_FALSE(got);
  work();
  EXPECT_TRUE(got);
}

TEST_F(started_by_hand, harms_nobody_when_the_listener_is_gone) {
  start(1min);
  starts.reset();
  begun("run-1");
  ended({"Succeeded", "2"});
  work();
  EXPECT_FALSE(got);
}

} // namespace

} // namespace mfo::http
