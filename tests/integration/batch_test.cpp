#include "tests/integration/fixture.hpp"

#include <set>

namespace mfo::integration {
namespace {

/// A node that sends several events in one call.
class batches : public running_node {
protected:
  /// Posts so many events at once, and gives their statuses.
  std::multiset<int> post_together(int count) {
    std::vector<std::unique_ptr<raw_client>> senders;
    for (int i = 0; i < count; ++i) {
      senders.push_back(std::make_unique<raw_client>(port));
      senders.back()->write(signed_request(std::to_string(i), "/webhook"));
    }
    std::multiset<int> statuses;
    for (const auto& each : senders)
      statuses.insert(each->read().status);
    return statuses;
  }

  double calls(std::string_view operation) {
    return sum_of(metrics(), "mfo_upstream_request_duration_seconds_count",
                  "operation=\"" + std::string{operation} + '"');
  }
};

TEST_F(batches, carry_each_event_once_and_answer_each_sender) {
  server_options = "batch: {max_events: 8, max_wait: 500ms}";
  start();
  EXPECT_EQ(post_together(20).count(202), 20U);
  EXPECT_EQ(server->count(), 20U);
  const auto ids = server->ids();
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 20U);
  EXPECT_LT(calls("event_batch") + calls("event"), 10);
  EXPECT_GE(calls("event_batch"), 2);
}

TEST_F(batches, of_cloudevents_are_taken_too) {
  server_options = "format: cloudevents, "
                   "batch: {max_events: 4, max_wait: 500ms}";
  start();
  EXPECT_EQ(post_together(4).count(202), 4U);
  EXPECT_EQ(server->count(), 4U);
  EXPECT_EQ(calls("event_batch"), 1);
}

TEST_F(batches, are_tried_again_as_a_whole_when_the_server_fails) {
  server_options = "batch: {max_events: 4, max_wait: 500ms}";
  start();
  set_faults(R"({"statuses":[503]})");
  EXPECT_EQ(post_together(4).count(202), 4U);
  EXPECT_EQ(server->count(), 4U);
  EXPECT_EQ(calls("event_batch"), 2);
}

TEST_F(batches, that_are_refused_go_event_by_event) {
  server_options = "batch: {max_events: 4, max_wait: 500ms}";
  start();
  set_faults(R"({"statuses":[400]})");
  EXPECT_EQ(post_together(4).count(202), 4U);
  EXPECT_EQ(server->count(), 4U);
  EXPECT_EQ(calls("event_batch"), 1);
  EXPECT_EQ(calls("event"), 4);
}

} // namespace
} // namespace mfo::integration
