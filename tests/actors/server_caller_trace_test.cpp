// What a trace is told of the tries of a call.

#include "telemetry/span_queue.hpp"
#include "tests/actors/caller_fixture.hpp"
#include "tests/telemetry/spans.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using telemetry::test::attributes;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const auto& sampled = telemetry::test::sampled_trace;
const auto& not_sampled = telemetry::test::other_trace;

class server_caller_trace : public caller_fixture {
protected:
  server_caller_trace() {
    server_.url = "http://mfo.example.com:8080/base";
    queue_->open({.max_waiting = 100, .max_batch = 100});
    spans_ = queue_;
  }

  double uniform() override {
    return random_ += 0.001;
  }

  std::string sent(std::string_view field) const {
    return std::string{wire_.front().second.headers.first(field)};
  }

  std::shared_ptr<telemetry::span_queue> queue_ =
      std::make_shared<telemetry::span_queue>("node-1", metrics_);
  double random_ = 0;
};

TEST_F(server_caller_trace, has_a_span_for_each_try) {
  start();
  call({.traceparent = sampled});
  const auto first = sent("traceparent");
  now_ += 20ms;
  reply(503);
  pass(100ms);
  const auto second = sent("traceparent");
  reply(200);
  const auto spans = queue_->next_batch();
  ASSERT_THAT(spans, SizeIs(2));
  for (const auto& each : spans) {
    EXPECT_EQ(each.name, "call event");
    EXPECT_EQ(each.kind, telemetry::span_kind::client);
    EXPECT_EQ(each.parent, 0x00f067aa0ba902b7U);
  }
  // The server sees the try that it is called by.
  EXPECT_EQ(core::to_traceparent(spans[0].place), first);
  EXPECT_EQ(core::to_traceparent(spans[1].place), second);
  EXPECT_NE(first, second);
  EXPECT_TRUE(spans[0].failed);
  EXPECT_EQ(spans[0].message, "upstream_busy");
  EXPECT_EQ(spans[0].end - spans[0].start, 20ms);
  EXPECT_FALSE(spans[1].failed);
}

TEST_F(server_caller_trace, has_the_state_that_came_with_its_trace) {
  start();
  call({.traceparent = sampled, .tracestate = "a=1"});
  reply(200);
  const auto spans = queue_->next_batch();
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].tracestate, "a=1");
}

TEST_F(server_caller_trace, says_what_was_called_without_its_query) {
  start();
  call({.traceparent = sampled});
  reply(503);
  pass(100ms);
  reply(404);
  const auto spans = queue_->next_batch();
  ASSERT_THAT(spans, SizeIs(2));
  auto of = attributes(spans[1]);
  EXPECT_EQ(of["http.request.method"], "POST");
  EXPECT_EQ(of["server.address"], "mfo.example.com");
  EXPECT_EQ(of["server.port"], "8080");
  EXPECT_EQ(of["url.full"], "http://mfo.example.com:8080/base/api/events");
  EXPECT_EQ(of["http.response.status_code"], "404");
  EXPECT_EQ(of["http.request.resend_count"], "1");
  EXPECT_EQ(of["mfo.server"], "default");
  EXPECT_EQ(of["error.type"], "upstream_rejected");
  EXPECT_FALSE(attributes(spans[0]).contains("http.request.resend_count"));
}

TEST_F(server_caller_trace, has_a_span_of_a_try_without_a_reply) {
  start();
  call({.repeatable = false, .traceparent = sampled});
  fail(http::client_errc::timeout);
  const auto spans = queue_->next_batch();
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].message, "upstream_timeout");
  EXPECT_FALSE(attributes(spans[0]).contains("http.response.status_code"));
}

TEST_F(server_caller_trace, leaves_alone_what_is_not_sampled) {
  start();
  call({.traceparent = not_sampled});
  EXPECT_EQ(sent("traceparent"), not_sampled);
  reply(200);
  EXPECT_THAT(queue_->next_batch(), IsEmpty());
}

TEST_F(server_caller_trace, passes_the_trace_on_where_nobody_sees_spans) {
  queue_->close();
  start();
  call({.traceparent = sampled, .tracestate = "a=1"});
  EXPECT_EQ(sent("traceparent"), sampled);
  EXPECT_EQ(sent("tracestate"), "a=1");
  reply(200);
  EXPECT_THAT(queue_->next_batch(), IsEmpty());
}

TEST_F(server_caller_trace, says_nothing_of_a_state_that_is_not_there) {
  start();
  call({.traceparent = sampled});
  EXPECT_EQ(sent("tracestate"), "");
  reply(200);
}

} // namespace
} // namespace mfo::actors::tests
