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
    auto deps = std::make_shared<supervisor_deps>();
    first_.validator = validator_deps_of(endpoint_settings_);
    auto connector = connector_to(client_);
    connector->subscriptions = {
        std::make_shared<telemetry::subscription_status>(
            config::notification_settings{.server = "default",
                                          .event = "email.processed",
                                          .endpoint = "hook",
                                          .callback_url = "http://n/hook"})};
    first_.connectors = {std::move(connector)};
    first_.task_runner = runner_deps();
    deps->first = std::make_shared<const generation_parts>(first_);
    deps->intake = intake_;
    deps->observer = observer();
    deps->escalate = [this](std::string_view stage) {
      gave_up_.emplace_back(stage);
    };
    start(deps);
  }

  [[nodiscard]] std::shared_ptr<mfo_connector_deps>
  connector_to(std::shared_ptr<http::client> client) const {
    config::server_settings server;
    server.max_waiting = 100;
    server.retry.max_count = 1;
    return connector_deps(server, std::move(client));
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
    auto parts = first_;
    if (!connects) {
      parts.connectors.clear();
      parts.remote_servers = {"default"};
    }
    deps->first = std::make_shared<const generation_parts>(parts);
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
  generation_parts first_;
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

/// A configuration that has replaced the first.
class a_second_generation : public supervisor_test {
protected:
  void adopt(std::shared_ptr<const mfo_connector_deps> connector) {
    auto next = first_;
    next.number = 1;
    auto rules = *first_.validator;
    rules.generation = 1;
    next.validator = std::make_shared<const validator_deps>(rules);
    next.connectors = {std::move(connector)};
    next.task_runner = runner_deps();
    generation_ = std::make_shared<const core::generation>(core::generation{1});
    EXPECT_EQ(answer_to(adopt_atom::value,
                        std::make_shared<const generation_parts>(next)),
              1U);
  }

  /// Nothing: none has come yet.
  template <class... Args>
  std::optional<std::uint64_t> answer_to(Args... args) {
    auto answer = std::make_shared<std::optional<std::uint64_t>>();
    const auto asker = [=](caf::event_based_actor* self,
                           const supervisor_actor& to) {
      self->request(to, caf::infinite, args...).then([=](std::uint64_t number) {
        *answer = number;
      });
    };
    watch(system_.spawn(asker, supervisor_));
    run();
    return *answer;
  }

  std::shared_ptr<scripted_client> second_client_ =
      std::make_shared<scripted_client>();
};

TEST_F(a_second_generation, leaves_what_is_under_way_to_the_first) {
  const auto before = admit();
  adopt(connector_to(second_client_));
  const auto after = admit();
  ASSERT_EQ(client_->calls.size(), 1U);
  ASSERT_EQ(second_client_->calls.size(), 1U);
  client_->reply(202);
  second_client_->reply(202);
  run();
  ASSERT_EQ(before->answers.size(), 1U);
  ASSERT_EQ(after->answers.size(), 1U);
  EXPECT_EQ(before->answers[0].status, 202);
  EXPECT_EQ(after->answers[0].status, 202);
}

TEST_F(a_second_generation, has_the_connector_of_a_server_that_is_the_same) {
  admit();
  adopt(first_.connectors.front());
  EXPECT_EQ(answer_to(retire_atom::value, std::uint64_t{0}), 0U);
  const auto after = admit();
  ASSERT_EQ(client_->calls.size(), 2U) << "the first call is still under way";
  client_->reply(202);
  client_->reply(202);
  run();
  ASSERT_EQ(after->answers.size(), 1U);
  EXPECT_EQ(after->answers[0].status, 202);
}

TEST_F(a_second_generation, subscribes_once_its_endpoints_can_be_reached) {
  caf::anon_send(supervisor_, open_atom::value);
  run();
  client_->reply(201);
  auto next = connector_to(second_client_);
  next->subscriptions = first_.connectors.front()->subscriptions;
  adopt(std::move(next));
  EXPECT_THAT(second_client_->calls, IsEmpty()) << "not before";
  caf::anon_send(supervisor_, open_atom::value);
  run();
  ASSERT_EQ(second_client_->calls.size(), 1U);
  EXPECT_EQ(second_client_->calls[0].request.target,
            "/api/notifications/subscribe");
}

TEST_F(a_second_generation, ends_what_was_the_first_ones_alone) {
  const auto before = admit();
  adopt(connector_to(second_client_));
  EXPECT_EQ(answer_to(retire_atom::value, std::uint64_t{0}), 0U);
  ASSERT_EQ(before->answers.size(), 1U) << "its connector is gone";
  EXPECT_EQ(before->answers[0].status, 500);
  pass(1s);
  EXPECT_THAT(metrics_->expose(),
              HasSubstr("mfo_actor_restarts_total{actor=\"mfo_connector\"} 0"));
}

TEST_F(a_second_generation, is_known_to_a_stage_that_is_restarted) {
  adopt(connector_to(second_client_));
  const auto second = generation_;
  // The validator ends on what cannot be.
  generation_ = std::make_shared<const core::generation>(core::generation{9});
  admit();
  pass(1s);
  EXPECT_THAT(metrics_->expose(),
              HasSubstr("mfo_actor_restarts_total{actor=\"validator\"} 1"));
  generation_ = second;
  admit();
  EXPECT_EQ(second_client_->calls.size(), 1U);
  generation_ = nullptr;
  admit();
  EXPECT_EQ(client_->calls.size(), 1U);
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
