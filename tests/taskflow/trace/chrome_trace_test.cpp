#include "taskflow/trace/chrome_trace.hpp"

#include "taskflow/json.hpp"
#include "tests/taskflow/run/builder.hpp"
#include "tests/taskflow/run/world.hpp"
#include "tests/taskflow/trace/moments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;
using tests::moments;

std::vector<json> events_of(const traced_run& run, const std::string& phase) {
  const auto trace = json::parse(chrome_trace(run));
  std::vector<json> found;
  for (const auto& event : trace.at("traceEvents"))
    if (event.at("ph") == phase)
      found.push_back(event);
  return found;
}

TEST(chrome_trace, is_what_viewers_read) {
  const auto told = moments{}
                        .began("list", 10us)
                        .again("list", 20us, 2)
                        .ended("list", 1510us, task_outcome::failed,
                               run_error{.code = "not_found",
                                         .message = "no \"such\" list",
                                         .task = "list"},
                               2)
                        .ended("note", 1510us, task_outcome::skipped, {}, 0);
  EXPECT_EQ(chrome_trace(told.run(2ms, task_outcome::failed)),
            R"({"displayTimeUnit":"ms","traceEvents":[
{"name":"process_name","ph":"M","pid":1,"tid":0,"args":{"name":"shop"}},
{"name":"thread_name","ph":"M","pid":1,"tid":0,"args":{"name":"main"}},
{"name":"thread_sort_index","ph":"M","pid":1,"tid":0,"args":{"sort_index":0}},
{"name":"main","cat":"run","ph":"X","ts":0,"dur":2000,"pid":1,"tid":0,"args":{"outcome":"Failed"}},
{"name":"list","cat":"task","ph":"X","ts":10,"dur":1500,"pid":1,"tid":0,"args":{"path":"list","type":"set","outcome":"Failed","attempts":2,"error":{"code":"not_found","message":"no \"such\" list"}}},
{"name":"list again","cat":"task","ph":"i","ts":20,"s":"t","pid":1,"tid":0,"args":{"try":2}},
{"name":"note","cat":"task","ph":"i","ts":1510,"s":"t","pid":1,"tid":0,"args":{"path":"note","type":"set","outcome":"Skipped","attempts":0}}
]}
)");
}

TEST(chrome_trace, names_a_lane_for_tasks_at_once) {
  const auto told = moments{}.began("a", 0us).took("b", 1us, 2us);
  const auto run = told.run(5us, {});
  const auto tasks = events_of(run, "X");
  ASSERT_THAT(tasks, SizeIs(3));
  EXPECT_EQ(tasks[1].at("tid"), 0);
  EXPECT_EQ(tasks[1].at("args").at("outcome"), "under way");
  EXPECT_EQ(tasks[2].at("tid"), 1);
  EXPECT_EQ(events_of(run, "M").at(3).at("args").at("name"), "parallel 1");
}

TEST(chrome_trace, has_asynchronous_events_where_lanes_run_out) {
  moments told;
  for (int i = 0; i < 300; ++i)
    told.began("each/each[" + std::to_string(i) + "]/x", 0us);
  const auto run = told.run(5us, {});
  EXPECT_THAT(events_of(run, "X"), SizeIs(1 + 256));
  const auto begun = events_of(run, "b");
  EXPECT_THAT(begun, SizeIs(300 - 256));
  std::set<int> ids;
  for (const auto& event : begun)
    ids.insert(event.at("id").get<int>());
  EXPECT_THAT(ids, SizeIs(300 - 256));
  EXPECT_THAT(events_of(run, "e"), SizeIs(300 - 256));
}

TEST(chrome_trace, is_json_whatever_a_server_says) {
  const auto told = moments{}.began("a", 0us).ended(
      "a", 1us, task_outcome::failed,
      run_error{.code = "\"\x1b\xff",
                .message = std::string(5000, '\n') + "x",
                .task = "a"});
  const auto tasks = events_of(told.run(5us), "X");
  ASSERT_THAT(tasks, SizeIs(2));
  EXPECT_EQ(tasks[1].at("args").at("error").at("code"), "\"\x1b\uFFFD");
  EXPECT_EQ(tasks[1].at("args").at("error").at("message"), "x");
}

TEST(chrome_trace, of_a_run_has_each_task_that_began) {
  using namespace tests;
  std::vector<task_moment> told;
  std::vector<node> inner;
  inner.push_back(call("ask"));
  std::vector<node> nodes;
  nodes.push_back(each_of("each", "[1, 2, 3]", shared(std::move(inner))));
  nodes.push_back(set("end").after({"each"}));
  std::vector<flow> flows;
  flows.push_back(flow_of(std::move(nodes)));
  const auto workflow = workflow_of(std::move(flows));
  taskflow::run running({.workflow = workflow,
                         .input = std::make_shared<const json>(),
                         .trigger = nullptr,
                         .uniform = [] { return 0.5; },
                         .observe =
                             [&](const auto& moment) {
                               told.push_back(moment);
                             }});
  auto now = moments::start;
  running.start(now);
  for (const auto& action : running.take_actions())
    running.finished(action.id, std::make_shared<const json>(), now += 1ms);
  ASSERT_TRUE(running.done());
  const auto tasks = events_of({.workflow = workflow->name,
                                .taskflow = "main",
                                .began = moments::start,
                                .ended = now,
                                .outcome = running.outcome(),
                                .moments = told},
                               "X");
  std::multiset<std::string> names;
  for (const auto& event : tasks)
    names.insert(event.at("name").get<std::string>());
  EXPECT_EQ(names, (std::multiset<std::string>{"main", "each", "ask", "ask",
                                               "ask", "end"}));
}

} // namespace

} // namespace mfo::taskflow
