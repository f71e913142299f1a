#include "actors/task_runner.hpp"

#include "actors/router.hpp"

#include "tests/actors/flow_fixture.hpp"

namespace mfo::actors::tests {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class task_runner_test : public actor_fixture {
protected:
  static mfo_connector_actor::behavior_type take(mfo_connector_actor::pointer,
                                                 unsigned attempts) {
    return {[attempts](const core::event_ptr&) {
              return delivered_after(attempts);
            },
            [](const api_request_ptr&) {
              return std::make_shared<const api_result>(
                  replied(200, R"({"result":1})"));
            },
            [](cancel_atom, const std::string&) {}, [](open_atom) {},
            [](abandon_atom) {
            }};
  }

  mfo_connector_actor connector(unsigned attempts) {
    return watch(system_.spawn(take, attempts));
  }

  static route_ptr route_to(std::string server) {
    return std::make_shared<const route>(route{std::move(server), {}});
  }

  taskflow::workflow_ptr workflow_ = load_workflow(with_tasks(R"(
    - {id: a, type: mfo_api_tool_execute, config: {tool_id: a}}
    - {id: w, type: wait, depends_on: [a], config: {duration: 1s}}
    - {id: q, type: ask_user, depends_on: [w], config: {question: "Go?"}}
    - {id: f, type: forward_event, depends_on: [q], config: {type: x.done}}
)"));
  task_runner_actor runner_ = watch(system_.spawn(
      task_runner, runner_deps({workflow_}),
      connector_map{{"default", connector(1)}, {"other", connector(2)}}));
  router_actor router_ = watch(system_.spawn(
      router, runner_,
      router_deps{.workflows = {workflow_}, .in_line = nullptr, .log = log_}));
};

TEST_F(task_runner_test, forwards_an_event_to_the_server_of_its_route) {
  const auto event = make_event();
  const auto result = ask(runner_, event, route_to("default"));
  ASSERT_TRUE(result->outcome);
  EXPECT_TRUE(result->outcome->delivered());
  EXPECT_EQ(event->where.where(), core::stage::mfo_connector);
}

TEST_F(task_runner_test, answers_for_a_server_that_it_does_not_know) {
  const auto result = ask(runner_, make_event(), route_to("nowhere"));
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::internal_error);
  EXPECT_EQ(result->outcome->detail, "no such server: nowhere");
}

TEST_F(task_runner_test, calls_the_connector_that_it_was_told_of_last) {
  caf::anon_send(runner_, wire_atom::value, std::string{"default"},
                 connector(5));
  EXPECT_EQ(ask(runner_, make_event(), route_to("default"))->outcome->attempts,
            5U);
}

TEST_F(task_runner_test, runs_a_taskflow_from_its_first_task_to_its_last) {
  endpoint_settings_.id = "w/t";
  const auto result = ask(router_, make_event());
  EXPECT_THAT(others_->asked, IsEmpty());
  pass(1s);
  ASSERT_THAT(others_->asked, SizeIs(1));
  EXPECT_FALSE(result->outcome);
  others_->asked.front().answer(std::make_shared<const taskflow::json>("yes"));
  run();
  ASSERT_TRUE(result->outcome);
  EXPECT_TRUE(result->outcome->delivered());
  ASSERT_THAT(emitted_, SizeIs(1));
  EXPECT_EQ(emitted_.front()->type(), "x.done");
}

TEST_F(task_runner_test, ends_its_runs_when_the_node_stops) {
  endpoint_settings_.id = "w/t";
  const auto result = ask(router_, make_event());
  pass(1s);
  caf::anon_send(runner_, abandon_atom::value);
  run();
  EXPECT_EQ(result->outcome->error, core::errc::draining);
  EXPECT_EQ(others_->cancelled, 1);
}

TEST_F(task_runner_test, answers_for_its_runs_when_it_ends) {
  endpoint_settings_.id = "w/t";
  const auto result = ask(router_, make_event());
  caf::anon_send_exit(runner_, caf::exit_reason::kill);
  run();
  EXPECT_TRUE(result->outcome || result->error);
}

TEST_F(task_runner_test, gets_every_event_from_the_router) {
  const auto result = ask(router_, make_event());
  ASSERT_TRUE(result->outcome);
  EXPECT_TRUE(result->outcome->delivered());
}

TEST_F(task_runner_test, forwards_an_event_to_its_endpoints_server) {
  endpoint_settings_.server = "other";
  EXPECT_EQ(ask(router_, make_event())->outcome->attempts, 2U);
}

} // namespace
} // namespace mfo::actors::tests
