#include "actors/mfo_connector.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class mfo_connector_test : public actor_fixture {
protected:
  mfo_connector_test() {
    server_.url = "http://mfo.example.com";
    server_.auth.type = config::auth_type::bearer;
    server_.auth.token.value = config::secret{"t0ken"};
    server_.max_waiting = 100;
    server_.retry.max_count = 3;
    server_.retry.delay = 100ms;
    server_.retry.jitter = config::jitter_mode::none;
  }

  mfo_connector_actor start() {
    const auto deps = connector_deps(server_, client_);
    health_ = deps->health;
    return watch(mfo_connector_actor{
        system_.spawn(mfo_connector, mfo_connector_deps_ptr{deps})});
  }

  static std::string header(const http::client_request& request,
                            std::string_view name) {
    return std::string{request.headers.first(name)};
  }

  config::server_settings server_;
  std::shared_ptr<scripted_client> client_ =
      std::make_shared<scripted_client>();
  std::shared_ptr<telemetry::upstream_health> health_;
};

TEST_F(mfo_connector_test, posts_the_event_with_its_id_token_and_trace) {
  const auto event = make_event();
  ask(start(), event);
  ASSERT_EQ(client_->calls.size(), 1U);
  const auto& request = client_->calls[0].request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/events");
  EXPECT_EQ(*request.body, event->envelope);
  EXPECT_EQ(request.body->data(), event->envelope.data()) << "not a copy";
  EXPECT_EQ(header(request, "Idempotency-Key"), event->id);
  EXPECT_EQ(header(request, "traceparent"), event->traceparent);
  EXPECT_EQ(header(request, "Authorization"), "Bearer t0ken");
  EXPECT_EQ(header(request, "Content-Type"), "application/json");
}

TEST_F(mfo_connector_test, delivers_on_any_2xx) {
  const auto connector = start();
  for (const auto status : {200, 201, 202, 204}) {
    const auto result = ask(connector, make_event());
    EXPECT_FALSE(result->outcome);
    client_->reply(status);
    run();
    ASSERT_TRUE(result->outcome);
    EXPECT_TRUE(result->outcome->delivered()) << status;
  }
}

TEST_F(mfo_connector_test, tries_again_after_the_back_off) {
  const auto result = ask(start(), make_event());
  client_->reply(503);
  run();
  EXPECT_TRUE(client_->calls.empty()) << "not before the back-off is over";
  pass(100ms);
  ASSERT_EQ(client_->calls.size(), 1U);
  client_->reply(202);
  run();
  ASSERT_TRUE(result->outcome);
  EXPECT_TRUE(result->outcome->delivered());
  EXPECT_EQ(result->outcome->attempts, 2U);
}

TEST_F(mfo_connector_test, waits_as_long_as_the_server_asks) {
  ask(start(), make_event());
  client_->reply(429, {{"Retry-After", "2"}});
  run();
  pass(1990ms);
  EXPECT_TRUE(client_->calls.empty());
  pass(20ms);
  EXPECT_EQ(client_->calls.size(), 1U);
}

TEST_F(mfo_connector_test, gives_up_after_the_last_attempt) {
  const auto result = ask(start(), make_event());
  for (unsigned i = 0; i < 3; ++i) {
    ASSERT_EQ(client_->calls.size(), 1U);
    client_->reply(500);
    run();
    pass(1s);
  }
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::upstream_failed);
  EXPECT_EQ(result->outcome->attempts, 3U);
  EXPECT_EQ(result->outcome->upstream_status, 500);
}

TEST_F(mfo_connector_test, does_not_try_again_what_the_server_refuses) {
  const auto result = ask(start(), make_event());
  client_->reply(400);
  run();
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::upstream_rejected);
  EXPECT_EQ(result->outcome->attempts, 1U);
}

TEST_F(mfo_connector_test, does_not_try_again_what_the_client_refuses) {
  const auto result = ask(start(), make_event());
  client_->reply(tl::unexpected{
      http::client_error{http::client_errc::invalid_request, "bad target"}});
  run();
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::internal_error);
}

TEST_F(mfo_connector_test, tries_again_when_the_server_is_unreachable) {
  const auto result = ask(start(), make_event());
  client_->reply(tl::unexpected{
      http::client_error{http::client_errc::connect_failed, "refused"}});
  run();
  pass(100ms);
  ASSERT_EQ(client_->calls.size(), 1U);
  client_->reply(202);
  run();
  EXPECT_TRUE(result->outcome->delivered());
}

TEST_F(mfo_connector_test, never_waits_beyond_the_events_deadline) {
  endpoint_settings_.lifetime = 150ms;
  const auto result = ask(start(), make_event());
  client_->reply(503);
  run();
  pass(100ms);
  client_->reply(503); // the next back-off, 200 ms, would outlast the deadline
  run();
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::upstream_busy);
  EXPECT_EQ(result->outcome->attempts, 2U);
}

TEST_F(mfo_connector_test, gives_a_try_no_more_time_than_is_left) {
  endpoint_settings_.lifetime = 150ms;
  ask(start(), make_event());
  EXPECT_EQ(client_->calls[0].request.timeout, 150ms);
}

TEST_F(mfo_connector_test, answers_what_it_held_when_it_dies) {
  const auto connector = start();
  const auto first = ask(connector, make_event());
  const auto second = ask(connector, make_event());
  caf::anon_send_exit(connector, caf::exit_reason::kill);
  run();
  for (const auto& result : {first, second}) {
    ASSERT_TRUE(result->outcome);
    EXPECT_EQ(result->outcome->error, core::errc::internal_error);
  }
}

TEST_F(mfo_connector_test, answers_the_event_on_which_it_failed) {
  client_->throws = true;
  const auto result = ask(start(), make_event());
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->error, core::errc::internal_error);
  ASSERT_FALSE(lines_.empty());
  EXPECT_THAT(lines_.back(), HasSubstr("client out of order"));
}

TEST_F(mfo_connector_test, takes_a_reply_that_comes_after_its_end_as_nothing) {
  const auto connector = start();
  ask(connector, make_event());
  caf::anon_send_exit(connector, caf::exit_reason::kill);
  run();
  client_->reply(202);
  run();
}

TEST_F(mfo_connector_test, notes_how_the_server_is) {
  const auto connector = start();
  ask(connector, make_event());
  client_->reply(503);
  run();
  EXPECT_EQ(health_->look().consecutive_failures, 1U);
  pass(100ms);
  client_->reply(202);
  run();
  EXPECT_EQ(health_->look().consecutive_failures, 0U);
  EXPECT_TRUE(health_->look().last_success);
}

TEST_F(mfo_connector_test, posts_a_cloud_event_where_the_server_wants_one) {
  server_.format = config::event_format::cloudevents;
  const auto event = make_event();
  ask(start(), event);
  ASSERT_EQ(client_->calls.size(), 1U);
  const auto& request = client_->calls[0].request;
  EXPECT_EQ(header(request, "Content-Type"), "application/cloudevents+json");
  EXPECT_EQ(*request.body, core::to_cloud_event(*event));
}

TEST_F(mfo_connector_test, posts_several_events_at_once_where_it_may) {
  server_.batch.max_events = 2;
  const auto connector = start();
  const auto first = ask(connector, make_event());
  EXPECT_TRUE(client_->calls.empty());
  const auto second = ask(connector, make_event());
  ASSERT_EQ(client_->calls.size(), 1U);
  client_->reply(202);
  run();
  for (const auto& result : {first, second}) {
    ASSERT_TRUE(result->outcome);
    EXPECT_TRUE(result->outcome->delivered());
  }
}

TEST_F(mfo_connector_test, does_not_let_an_event_wait_long_for_others) {
  server_.batch.max_events = 2;
  server_.batch.max_wait = 20ms;
  ask(start(), make_event());
  pass(10ms);
  EXPECT_TRUE(client_->calls.empty());
  pass(20ms);
  EXPECT_EQ(client_->calls.size(), 1U);
}

TEST_F(mfo_connector_test, posts_the_events_of_a_refused_batch_one_by_one) {
  server_.batch.max_events = 2;
  const auto connector = start();
  const auto first = ask(connector, make_event());
  const auto second = ask(connector, make_event());
  client_->reply(422);
  run();
  ASSERT_EQ(client_->calls.size(), 2U);
  client_->reply(422);
  client_->reply(202);
  run();
  EXPECT_EQ(first->outcome->error, core::errc::upstream_rejected);
  EXPECT_TRUE(second->outcome->delivered());
  EXPECT_EQ(second->outcome->attempts, 2U);
}

TEST_F(mfo_connector_test, subscribes_when_told_to_and_renews_that) {
  const auto deps = connector_deps(server_, client_);
  const auto status = std::make_shared<telemetry::subscription_status>(
      config::notification_settings{.server = "default",
                                    .event = "email.processed",
                                    .endpoint = "hook",
                                    .callback_url = "http://n/hook",
                                    .renew = 2s});
  deps->subscriptions = {status};
  const auto connector = watch(mfo_connector_actor{
      system_.spawn(mfo_connector, mfo_connector_deps_ptr{deps})});
  run();
  EXPECT_TRUE(client_->calls.empty());
  caf::anon_send(connector, open_atom::value);
  run();
  ASSERT_EQ(client_->calls.size(), 1U);
  EXPECT_EQ(header(client_->calls[0].request, "Authorization"), "Bearer t0ken");
  client_->reply(201);
  run();
  EXPECT_TRUE(status->look(now()).active);
  pass(2s);
  EXPECT_EQ(client_->calls.size(), 1U);
}

TEST_F(mfo_connector_test, makes_any_other_call_and_gives_its_reply_back) {
  auto request = std::make_shared<api_request>();
  request->call.what = api::operation::tool;
  request->call.method = "POST";
  request->call.target = "/api/tools/echo";
  request->call.content_type = "application/json";
  request->call.body = std::make_shared<const std::string>("{}");
  request->id = "call-1";
  request->traceparent = "trace";
  request->deadline = now() + 10s;
  const auto connector = start();
  api_result_ptr result;
  const auto asker = [&](caf::event_based_actor* self,
                         const mfo_connector_actor& to) {
    self->request(to, caf::infinite, api_request_ptr{request})
        .then([&](const api_result_ptr& answer) { result = answer; });
  };
  watch(system_.spawn(asker, connector));
  run();
  ASSERT_EQ(client_->calls.size(), 1U);
  EXPECT_EQ(client_->calls[0].request.target, "/api/tools/echo");
  EXPECT_EQ(header(client_->calls[0].request, "Idempotency-Key"), "call-1");
  client_->reply(http::client_response{200, {}, R"({"result":1})"});
  run();
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->outcome.delivered());
  EXPECT_EQ(result->reply->body, R"({"result":1})");
}

} // namespace
} // namespace mfo::actors::tests
