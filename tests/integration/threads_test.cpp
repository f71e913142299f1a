#include "tests/integration/taskflow_fixture.hpp"

#include <csignal>
#include <memory>
#include <string>
#include <vector>

namespace mfo::integration {
namespace {

/// A node does the same however many threads it does it with.
class threads : public a_node_with_workflows,
                public testing::WithParamInterface<int> {
protected:
  [[nodiscard]] static std::string workers() {
    return "workers: " + std::to_string(GetParam()) + "\n";
  }

  /// On so many connections at a time.
  std::vector<std::unique_ptr<raw_client>> connect(std::size_t many) const {
    std::vector<std::unique_ptr<raw_client>> senders(many);
    for (auto& each : senders)
      each = std::make_unique<raw_client>(port);
    return senders;
  }
};

INSTANTIATE_TEST_SUITE_P(, threads, testing::Values(1, 2, 3, 8),
                         testing::PrintToStringParamName());

TEST_P(threads, bring_all_events_of_many_senders_to_the_server) {
  start(workers());
  constexpr std::size_t rounds = 20;
  const auto senders = connect(16);
  for (std::size_t i = 0; i < rounds; ++i) {
    for (const auto& each : senders)
      each->write(signed_request("1"));
    for (const auto& each : senders)
      ASSERT_EQ(each->read().status, 202);
  }
  EXPECT_EQ(server->count(), rounds * senders.size());
}

TEST_P(threads, refuse_what_they_must_meanwhile) {
  start(workers());
  const auto senders = connect(16);
  for (std::size_t i = 0; i < senders.size(); ++i)
    senders[i]->write(signed_request(i % 2 == 0 ? "1" : "{"));
  for (std::size_t i = 0; i < senders.size(); ++i)
    EXPECT_EQ(senders[i]->read().status, i % 2 == 0 ? 202 : 400);
  EXPECT_EQ(server->count(), senders.size() / 2);
}

TEST_P(threads, run_taskflows) {
  run(std::string{webhook} + "    filter: .payload.n > 1\n",
      "    - {id: f, type: forward_event}\n", workers());
  for (const auto* body : {R"({"n":1})", R"({"n":2})"})
    EXPECT_EQ(post(body).status, 202);
  EXPECT_EQ(server->count(), 1U);
}

TEST_P(threads, finish_what_is_in_flight_when_the_node_stops) {
  start(workers());
  set_faults(R"({"latency_ms":300})");
  const auto senders = connect(8);
  for (const auto& each : senders)
    each->write(signed_request("1"));
  ASSERT_TRUE(comes_to_hold(static_cast<double>(senders.size())));
  node->signal(SIGTERM);
  for (const auto& each : senders)
    EXPECT_EQ(each->read().status, 202);
  EXPECT_EQ(node->wait(), 0);
}

TEST_P(threads, hear_a_second_signal_while_a_filter_never_ends) {
  expected_error = "node ended by a second signal";
  run(std::string{webhook} + "    filter: 'until(false; .)'\n",
      "    - {id: f, type: forward_event}\n", workers());
  raw_client sender{port};
  sender.write(signed_request(R"({"n":1})"));
  ASSERT_TRUE(comes_to_hold(1));
  node->signal(SIGTERM);
  ASSERT_TRUE(node->wait_for_line("node stopping"));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 128 + SIGTERM);
}

} // namespace
} // namespace mfo::integration
