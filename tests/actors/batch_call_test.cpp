#include "actors/batch_call.hpp"

#include "tests/actors/batched_events.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using namespace std::chrono_literals;
using core::errc;
using ::testing::HasSubstr;

class batch_call_test : public batched_events {
protected:
  std::unique_ptr<batch_call>
  batch_of(std::vector<std::unique_ptr<event_call>> events) {
    return std::make_unique<batch_call>(
        std::move(events),
        std::make_shared<const config::server_settings>(server_),
        [this](std::unique_ptr<event_call> event) {
          alone_.push_back(std::move(event));
        });
  }

  std::unique_ptr<batch_call> batch_of(std::size_t count) {
    return batch_of(make_calls(count));
  }

  static http::client_response says(std::string body, int status = 202) {
    return {status, {}, std::move(body)};
  }

  static core::outcome refused_after(unsigned attempts) {
    auto result = core::refused(errc::upstream_rejected);
    result.attempts = attempts;
    return result;
  }

  std::vector<std::unique_ptr<event_call>> alone_;
};

TEST_F(batch_call_test, posts_its_events_as_an_array_byte_for_byte) {
  const auto request = batch_of(2)->request();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/events");
  EXPECT_EQ(request.headers.first("Content-Type"), "application/json");
  EXPECT_EQ(*request.body, "[" + envelopes_[0] + "," + envelopes_[1] + "]");
}

TEST_F(batch_call_test, posts_cloudevents_as_a_batch_of_them) {
  server_.format = config::event_format::cloudevents;
  const auto request = batch_of(2)->request();
  EXPECT_EQ(request.headers.first("Content-Type"),
            "application/cloudevents-batch+json");
  EXPECT_THAT(*request.body, HasSubstr(R"("specversion":"1.0")"));
}

TEST_F(batch_call_test, has_the_same_id_for_the_same_events_only) {
  const auto first = batch_of(2);
  random_again();
  const auto same = batch_of(2);
  const auto other = batch_of(2);
  EXPECT_EQ(first->id(), same->id());
  EXPECT_NE(first->id(), other->id());
  EXPECT_NE(first->id(), ids_[0]);
}

TEST_F(batch_call_test, ends_with_the_first_of_its_events) {
  std::vector<std::unique_ptr<event_call>> events;
  events.push_back(make_call());
  endpoint_settings_.lifetime = 1s;
  events.push_back(make_call());
  EXPECT_EQ(batch_of(std::move(events))->deadline(), now() + 1s);
}

TEST_F(batch_call_test, counts_as_its_events) {
  EXPECT_EQ(batch_of(3)->weight(), 3U);
}

TEST_F(batch_call_test, holds_for_all_what_is_said_of_the_whole) {
  const auto batch = batch_of(2);
  const auto reply = says("{}");
  EXPECT_FALSE(batch->settle(reply, 1));
  batch->finish(delivered_after(2), &reply);
  for (const auto at : {0U, 1U}) {
    EXPECT_TRUE(outcome(at).delivered());
    EXPECT_EQ(outcome(at).attempts, 2U);
  }
}

TEST_F(batch_call_test, answers_each_event_as_the_server_says_of_it) {
  const auto batch = batch_of(3);
  const auto reply =
      says(fmt::format(R"({{"results":[{{"id":"{}","status":422,)"
                       R"("error":"no such customer"}},)"
                       R"({{"id":"{}","status":"accepted"}},)"
                       R"({{"id":"{}","status":503}}]}})",
                       ids_[1], ids_[0], ids_[2]));
  const auto left = batch->settle(reply, 1);
  EXPECT_TRUE(outcome(0).delivered());
  EXPECT_EQ(outcome(0).attempts, 1U);
  EXPECT_EQ(outcome(1).error, errc::upstream_rejected);
  EXPECT_EQ(outcome(1).upstream_status, 422);
  EXPECT_THAT(outcome(1).detail, HasSubstr("no such customer"));
  EXPECT_TRUE(is_open(2));
  ASSERT_TRUE(left);
  EXPECT_EQ(left->error, errc::upstream_busy);
  EXPECT_EQ(left->upstream_status, 503);
}

TEST_F(batch_call_test, goes_on_with_what_may_be_tried_again) {
  const auto batch = batch_of(3);
  const std::string id_of_all{batch->id()};
  ASSERT_TRUE(batch->settle(
      says(R"([{"status":"accepted"},{"status":503},{"status":503}])"), 1));
  EXPECT_EQ(batch->weight(), 2U);
  EXPECT_NE(batch->id(), id_of_all)
      << "another body must not have the Idempotency-Key of the first";
  EXPECT_EQ(*batch->request().body,
            "[" + envelopes_[1] + "," + envelopes_[2] + "]");
  batch->finish(core::refused(errc::upstream_busy), nullptr);
  EXPECT_TRUE(outcome(0).delivered());
  EXPECT_EQ(outcome(1).error, errc::upstream_busy);
  EXPECT_EQ(outcome(2).error, errc::upstream_busy);
}

TEST_F(batch_call_test, tries_an_event_again_that_the_server_says_nothing_of) {
  const auto batch = batch_of(2);
  const auto left = batch->settle(
      says(fmt::format(R"({{"results":[{{"id":"{}","status":"ok"}}]}})",
                       ids_[0])),
      1);
  ASSERT_TRUE(left);
  EXPECT_TRUE(outcome(0).delivered());
  EXPECT_TRUE(is_open(1));
}

TEST_F(batch_call_test, calls_for_each_event_alone_when_the_body_is_refused) {
  for (const auto status : {400, 413, 415, 422}) {
    alone_.clear();
    const auto reply = says("{}", status);
    batch_of(2)->finish(refused_after(1), &reply);
    ASSERT_EQ(alone_.size(), 2U) << status;
  }
  alone_[0]->finish(delivered_after(1), nullptr);
  EXPECT_EQ(outcome(6).attempts, 2U) << "the try as a part of the batch counts";
  EXPECT_TRUE(is_open(7));
}

TEST_F(batch_call_test, is_refused_as_a_whole_where_any_event_would_be) {
  for (const auto status : {401, 403, 404, 410}) {
    const auto reply = says("{}", status);
    batch_of(2)->finish(refused_after(1), &reply);
    EXPECT_TRUE(alone_.empty()) << status;
    EXPECT_EQ(outcome(outcomes_.size() - 1).error, errc::upstream_rejected);
  }
}

TEST_F(batch_call_test, answers_its_events_when_it_goes_away) {
  batch_of(2);
  EXPECT_EQ(outcome(0).error, errc::internal_error);
  EXPECT_EQ(outcome(1).error, errc::internal_error);
}

} // namespace
} // namespace mfo::actors::tests
