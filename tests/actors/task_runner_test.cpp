#include "actors/task_runner.hpp"

#include "actors/router.hpp"

#include "tests/actors/actor_fixture.hpp"

namespace mfo::actors::testing {
namespace {

class task_runner_test : public actor_fixture {
protected:
  static mfo_connector_actor::behavior_type take(mfo_connector_actor::pointer,
                                                 unsigned attempts) {
    return {[attempts](const core::event_ptr&) {
              return delivered_after(attempts);
            },
            [](const api_request_ptr&) {
              return std::make_shared<const api_result>();
            },
            [](open_atom) {},
            [](abandon_atom) {
            }};
  }

  mfo_connector_actor connector(unsigned attempts) {
    return watch(system_.spawn(take, attempts));
  }

  static core::route_ptr route_to(std::string server) {
    return std::make_shared<const core::route>(core::route{std::move(server)});
  }

  task_runner_actor runner_ = watch(system_.spawn(
      task_runner,
      connector_map{{"default", connector(1)}, {"other", connector(2)}}, log_));
  router_actor router_ = watch(system_.spawn(router, runner_, log_));
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
} // namespace mfo::actors::testing
