#include "actors/supervisor.hpp"

#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/played_hub.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class supervisor_test : public actor_fixture {
protected:
  supervisor_test() {
    config::server_settings server;
    server.max_waiting = 100;
    server.retry.max_count = 1;
    auto deps = std::make_shared<supervisor_deps>();
    deps->validator = validator_deps_of(endpoint_settings_);
    auto connector = connector_deps(server, client_);
    connector->subscriptions = {
        std::make_shared<telemetry::subscription_status>(
            config::notification_settings{.server = "default",
                                          .event = "email.processed",
                                          .endpoint = "hook",
                                          .callback_url = "http://n/hook"})};
    deps->connectors = {std::move(connector)};
    deps->task_runner = runner_deps();
    deps->intake = intake_;
    deps->observer = observer();
    deps->escalate = [this](std::string_view stage) {
      gave_up_.emplace_back(stage);
    };
    start(deps);
  }

  void start(const std::shared_ptr<const supervisor_deps>& deps) {
    deps_ = deps;
    supervisor_ = watch(system_.spawn(supervisor, deps));
    run();
  }

  /// In the place of the one that was started, on a node of a cluster.
  void start_with(sharing_actor hub, bool connects) {
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
    run();
    auto deps = std::make_shared<supervisor_deps>(*deps_);
    deps->hub = std::move(hub);
    if (!connects) {
      deps->connectors.clear();
      deps->remote_servers = {"default"};
    }
    start(deps);
  }

  std::shared_ptr<answer_probe> admit() {
    auto [exchange, probe] = make_exchange(make_event());
    caf::anon_send(intake_->get(), std::move(exchange));
    run();
    return probe;
  }

  /// Has the connector throw on an event, and lets it be restarted.
  std::shared_ptr<answer_probe> crash() {
    client_->throws = true;
    const auto probe = admit();
    client_->throws = false;
    pass(1s);
    return probe;
  }

  std::shared_ptr<scripted_client> client_ =
      std::make_shared<scripted_client>();
  std::shared_ptr<intake_handle> intake_ = std::make_shared<intake_handle>();
  std::vector<std::string> gave_up_;
  std::shared_ptr<const supervisor_deps> deps_;
  supervisor_actor supervisor_;
};

TEST_F(supervisor_test, starts_stages_that_deliver_an_event) {
  const auto probe = admit();
  ASSERT_EQ(client_->calls.size(), 1U);
  client_->reply(202);
  run();
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 202);
}

TEST_F(supervisor_test, answers_500_to_the_event_on_which_a_stage_failed) {
  const auto probe = crash();
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 500);
  const auto totals = metrics_->events()->snapshot();
  EXPECT_EQ(totals.refused, 1U);
  EXPECT_EQ(totals.in_flight, 0U);
}

TEST_F(supervisor_test, restarts_a_failed_stage_and_counts_it) {
  crash();
  EXPECT_THAT(metrics_->expose(),
              HasSubstr("mfo_actor_restarts_total{actor=\"mfo_connector\"} 1"));
  const auto probe = admit();
  ASSERT_EQ(client_->calls.size(), 1U);
  client_->reply(202);
  run();
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 202);
}

TEST_F(supervisor_test, restarts_any_stage_that_dies) {
  const auto old = intake_->get();
  caf::anon_send_exit(old, caf::exit_reason::kill);
  run();
  pass(100ms);
  EXPECT_NE(intake_->get(), old);
  admit();
  EXPECT_EQ(client_->calls.size(), 1U);
}

TEST_F(supervisor_test, gives_up_when_a_stage_fails_too_often) {
  for (std::size_t i = 0; i < max_restarts; ++i)
    crash();
  EXPECT_THAT(gave_up_, IsEmpty());
  crash();
  EXPECT_THAT(gave_up_, ElementsAre("mfo_connector"));
}

TEST_F(supervisor_test, bears_failures_that_are_rare) {
  for (std::size_t i = 0; i < 2 * max_restarts; ++i) {
    crash();
    pass(restart_period / max_restarts);
  }
  EXPECT_THAT(gave_up_, IsEmpty());
}

TEST_F(supervisor_test, answers_503_while_a_stage_is_being_restarted) {
  crash();
  client_->throws = true;
  admit(); // the second failure in a row: the restart waits
  client_->throws = false;
  const auto probe = admit();
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_EQ(probe->answers[0].status, 503);
}

TEST_F(supervisor_test, subscribes_when_the_node_can_be_reached) {
  EXPECT_TRUE(client_->calls.empty()) << "not before";
  caf::anon_send(supervisor_, open_atom::value);
  run();
  ASSERT_EQ(client_->calls.size(), 1U);
  EXPECT_EQ(client_->calls[0].request.target, "/api/notifications/subscribe");
}

TEST_F(supervisor_test, subscribes_again_with_a_connector_that_is_restarted) {
  caf::anon_send(supervisor_, open_atom::value);
  run();
  client_->reply(201);
  crash();
  ASSERT_EQ(client_->calls.size(), 1U);
  EXPECT_EQ(client_->calls[0].request.target, "/api/notifications/subscribe");
}

TEST_F(supervisor_test, gives_its_connectors_to_the_hub) {
  played_hub hub;
  start_with(watch(hub.start(system_)), true);
  EXPECT_THAT(hub.connectors, ElementsAre("default"));
}

TEST_F(supervisor_test, has_the_hub_call_servers_where_it_has_no_connector) {
  played_hub hub;
  start_with(watch(hub.start(system_)), false);
  EXPECT_THAT(hub.connectors, IsEmpty());
  caf::anon_send(supervisor_, abandon_atom::value);
  run();
  EXPECT_THAT(hub.asked, ElementsAre("nothing to default"));
}

TEST_F(supervisor_test, ends_its_stages_when_it_ends) {
  const auto probe = admit();
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  run();
  EXPECT_EQ(intake_->get(), intake_actor{});
  ASSERT_EQ(probe->answers.size(), 1U);
  EXPECT_THAT(gave_up_, IsEmpty());
}

} // namespace
} // namespace mfo::actors::tests
