#include "cluster/calling/call_desk.hpp"

#include "tests/cluster/calling/a_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using core::errc;
using test::a_request;
using test::a_runner;
using test::call_node;
using test::good_result;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(a_runner, hears_that_a_request_is_too_large) {
  const auto request = a_request("1", all.now + 10s);
  request->call.body = std::make_shared<const std::string>(largest_call, 'x');
  runner.desk.call("crm", request, 1, all.now);
  EXPECT_EQ(runner.result(1).outcome.error, errc::payload_too_large);
  EXPECT_THAT(runner.result(1).outcome.detail,
              HasSubstr("the call is too large to go from node to node"));
}

TEST_F(a_runner, hears_that_a_reply_is_too_large) {
  call(1);
  all.settle();
  busy().finish_one(good_result(std::string(largest_call, 'x')));
  call(2);
  all.settle();
  const auto& outcome = runner.result(1).outcome;
  EXPECT_EQ(outcome.error, errc::payload_too_large);
  EXPECT_EQ(outcome.upstream_status, 200);
  EXPECT_EQ(outcome.attempts, 1u);
  EXPECT_THAT(outcome.detail,
              HasSubstr("its reply is too large to go from node to node"));
  EXPECT_FALSE(runner.result(1).reply);
}

TEST_F(a_runner, hears_why_a_call_failed_whose_reply_is_too_large) {
  call(1);
  all.settle();
  auto large = std::make_shared<actors::api_result>(
      *good_result(std::string(largest_call, 'x')));
  large->outcome = core::refused(errc::upstream_rejected);
  busy().finish_one(large);
  all.settle();
  EXPECT_EQ(runner.result(1).outcome.error, errc::upstream_rejected);
}

TEST_F(a_runner, is_sent_messages_that_links_can_carry) {
  const std::string large(largest_call - 1024, 'x');
  const auto ask = [&](call_node& node, std::uint64_t number) {
    const auto request = a_request(std::to_string(number), all.now + 10s);
    request->call.body = std::make_shared<const std::string>(large);
    node.desk.call("crm", request, number, all.now);
  };
  all.unlink(runner, b);
  all.unlink(b, c);
  auto& d = all.add("d", {role::connector});
  all.unlink(d, runner);
  all.unlink(d, b);
  all.settle();
  // Both ways between two nodes: each a connector of the other.
  for (std::uint64_t number = 1; number <= 7; ++number) {
    ask(c, number);
    ask(d, number);
  }
  for (int round = 0; round < 3; ++round) {
    all.settle();
    for (auto* node : {&c, &d})
      while (!node->runs.empty())
        node->finish_one(good_result(large));
    ask(c, 100 + static_cast<std::uint64_t>(round));
    ask(d, 100 + static_cast<std::uint64_t>(round));
  }
  all.settle();
  EXPECT_THAT(c.results, SizeIs(9));
  EXPECT_GT(all.longest, large.size());
  EXPECT_LT(all.longest, std::size_t{7} << 19U); // 3.5 MiB
}

TEST_F(a_runner, gets_a_stream_in_one_piece) {
  std::vector<std::string> pieces;
  const auto request = a_request("1", all.now + 10s);
  request->on_data = [&](std::string_view piece) {
    EXPECT_THAT(runner.results, IsEmpty());
    pieces.emplace_back(piece);
  };
  runner.desk.call("crm", request, 1, all.now);
  all.settle();
  busy().finish_one(good_result("data: 1\n\ndata: 2\n\n"));
  all.settle();
  EXPECT_THAT(pieces, ElementsAre("data: 1\n\ndata: 2\n\n"));
  EXPECT_EQ(runner.result(1).reply->status, 200);
  EXPECT_THAT(runner.result(1).reply->headers, SizeIs(1));
  EXPECT_THAT(runner.result(1).reply->body, IsEmpty());
}

TEST_F(a_runner, gets_a_bad_reply_whole_even_if_it_wants_a_stream) {
  std::vector<std::string> pieces;
  const auto request = a_request("1", all.now + 10s);
  request->on_data = [&](std::string_view piece) {
    pieces.emplace_back(piece);
  };
  runner.desk.call("crm", request, 1, all.now);
  all.settle();
  auto bad = std::make_shared<actors::api_result>(*good_result("no"));
  bad->outcome = core::refused(errc::upstream_rejected);
  bad->reply->status = 400;
  busy().finish_one(bad);
  all.settle();
  EXPECT_THAT(pieces, IsEmpty());
  EXPECT_EQ(runner.result(1).reply->body, "no");
}

} // namespace

} // namespace mfo::cluster
