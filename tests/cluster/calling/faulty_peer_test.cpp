#include "cluster/calling/call_desk.hpp"

#include "tests/cluster/calling/call_nodes.hpp"
#include "tests/cluster/calling/call_samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// A connector, and a peer that says what the test says.
struct a_connector : testing::Test {
  a_connector() {
    all.settle();
  }

  void say(const calls_message& what) {
    connector.desk.come("peer", pack_calls(what, all.now), all.now);
  }

  [[nodiscard]] sent_call call(std::uint64_t number, std::uint64_t key,
                               std::size_t body = 0) const {
    const auto request = test::a_request(std::to_string(key), all.now + 10s);
    request->call.body = std::make_shared<const std::string>(body, 'x');
    return {.number = number,
            .key = key,
            .call = std::make_shared<const remote_call>(
                remote_call{.server = "crm", .what = request})};
  }

  test::call_nodes all;
  test::call_node& connector = all.add("connector", {role::connector});
  test::call_node& peer = all.add("peer", {role::runner});
};

TEST_F(a_connector, closes_the_link_to_one_that_talks_nonsense) {
  connector.desk.come("peer", "nonsense", all.now);
  EXPECT_THAT(connector.faults,
              ElementsAre(StartsWith("peer: a message of calls ")));
}

TEST_F(a_connector, closes_the_link_to_one_that_counts_in_another_way) {
  say({.calls = {call(2, 1)}});
  EXPECT_THAT(connector.faults,
              ElementsAre("peer: it counts its calls in another way"));
  EXPECT_THAT(connector.runs, IsEmpty());
}

TEST_F(a_connector, closes_the_link_to_one_that_sends_more_than_it_may) {
  std::uint64_t number = 0;
  while (connector.faults.empty()) {
    ++number;
    ASSERT_LE(number, 9u);
    say({.calls = {call(number, number, largest_call - 1024)}});
  }
  EXPECT_THAT(connector.faults,
              ElementsAre("peer: it sends more calls than it was granted"));
  EXPECT_THAT(connector.runs, SizeIs(8));
}

TEST_F(a_connector, closes_the_link_to_one_that_grants_more_than_it_may) {
  say({.grant = credit_grant{.link = 1,
                             .total = {.events = call_window.events + 1,
                                       .bytes = call_window.bytes}}});
  EXPECT_THAT(connector.faults,
              ElementsAre("peer: it grants more than its window"));
}

TEST_F(a_connector, minds_no_word_on_calls_that_it_does_not_know) {
  say({.received = 1000,
       .heard = 1000,
       .handed_back = {{.key = 5, .why = call_refusal::full}},
       .cancelled = {7},
       .results = {{.number = 1, .key = 9, .result = test::good_result()}}});
  EXPECT_THAT(connector.faults, IsEmpty());
  EXPECT_THAT(connector.results, IsEmpty());
  EXPECT_THAT(connector.cancelled, IsEmpty());
}

TEST_F(a_connector, minds_no_word_of_one_without_a_link) {
  all.unlink(connector, peer);
  connector.desk.come("peer", "nonsense", all.now);
  connector.desk.come("nobody", "nonsense", all.now);
  EXPECT_THAT(connector.faults, IsEmpty());
}

TEST_F(a_connector, makes_no_call_whose_time_is_up_when_it_comes) {
  auto late = call(1, 1);
  const auto request = test::a_request("1", all.now);
  late.call = std::make_shared<const remote_call>(
      remote_call{.server = "crm", .what = request});
  say({.calls = {late}});
  EXPECT_THAT(connector.runs, IsEmpty());
  EXPECT_EQ(connector.desk.running(), 0u);
  EXPECT_GT(connector.desk.unread_bytes(), 0u);
}

TEST_F(a_connector, takes_the_first_word_of_what_came_of_a_call) {
  say({.calls = {call(1, 1)}});
  const call_key key{.origin = peer.life, .number = 1};
  connector.desk.ended(key, test::good_result());
  const auto held = connector.desk.unread_bytes();
  connector.desk.ended(key, test::good_result("another word"));
  EXPECT_EQ(connector.desk.unread_bytes(), held);
  EXPECT_EQ(connector.desk.running(), 0u);
}

TEST_F(a_connector, keeps_no_result_for_one_that_has_given_the_call_up) {
  say({.calls = {call(1, 1)}});
  connector.finish_one(test::good_result());
  all.pass(11s);
  EXPECT_GT(connector.desk.unread_bytes(), 0u);
  all.pass(2s);
  EXPECT_EQ(connector.desk.unread_bytes(), 0u);
}

/// However much is handed back, nothing that is said of it is too long.
TEST_F(a_connector, hands_back_all_that_it_is_sent_while_it_drains) {
  connector.desk.set_draining(true);
  std::uint64_t number = 0;
  for (int message = 0; message < 20; ++message) {
    calls_message what;
    for (int i = 0; i < 1000; ++i) {
      ++number;
      what.calls.push_back(call(number, number));
    }
    say(what);
  }
  all.settle();
  // The desk there has not sent any of it, and minds what it is granted.
  EXPECT_THAT(peer.faults, Each("connector: it grants more than its window"));
  EXPECT_THAT(connector.faults, IsEmpty());
  EXPECT_THAT(connector.runs, IsEmpty());
  EXPECT_EQ(connector.desk.running(), 0u);
}

} // namespace

} // namespace mfo::cluster
