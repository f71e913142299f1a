#include "cluster/hub/hub_calls.hpp"

#include "tests/cluster/calling/call_samples.hpp"
#include "tests/cluster/hub/hub_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace mfo::cluster::test {

namespace {

using core::errc;
using support::wait_until;
using testing::IsEmpty;

constexpr role_set runs_only{role::runner};
constexpr role_set connects_only{role::connector};

std::chrono::steady_clock::time_point far() {
  return std::chrono::steady_clock::now() + support::patience;
}

/// One that may be made twice.
std::shared_ptr<actors::api_request> some_call(const std::string& name) {
  return a_request(name, far());
}

/// What the server said, or why it said nothing.
std::string body_of(const actors::api_result_ptr& got) {
  if (!got)
    return "nothing";
  return got->reply ? got->reply->body : got->outcome.detail;
}

std::optional<errc> error_of(const actors::api_result_ptr& got) {
  return got ? got->outcome.error : std::nullopt;
}

/// A runner, and connectors that it knows.
class a_hub_that_is_no_connector : public testing::Test {
protected:
  hub_node& add(const std::string& name) {
    auto& added = *connectors_.emplace_back(std::make_unique<hub_node>(
        hub_node::options{.name = name,
                          .roles = connects_only,
                          .seeds = {runner.address()},
                          .servers = {"crm", name}}));
    // That server is only there, so that this says whether it can be asked.
    EXPECT_TRUE(wait_until([&] { return makes(name, "by " + name); }));
    added.connector().calls = 0;
    return added;
  }

  bool makes(const std::string& server, const std::string& answer) {
    return body_of(runner.call(server, some_call("probe"))) == answer;
  }

  std::future<actors::api_result_ptr>
  begin(const actors::api_request_ptr& request) {
    return std::async(std::launch::async,
                      [this, request] { return runner.call("crm", request); });
  }

  hub_node runner{{.name = "a", .roles = runs_only}};

private:
  std::vector<std::unique_ptr<hub_node>> connectors_;
};

} // namespace

TEST_F(a_hub_that_is_no_connector, has_a_connector_make_its_calls) {
  auto& b = add("b");
  EXPECT_EQ(body_of(runner.call("crm", some_call("1"))), "by b");
  EXPECT_EQ(b.connector().calls, 1);
}

TEST_F(a_hub_that_is_no_connector, has_a_connector_deliver_its_events) {
  auto& b = add("b");
  b.connector().holds = true;
  auto how = std::async(std::launch::async, [&] {
    return runner.forward("crm", runner.event("1"));
  });
  ASSERT_TRUE(wait_until([&] { return b.connector().events == 1; }));
  EXPECT_EQ(b.connector().stage, core::stage::mfo_connector);
  EXPECT_EQ(b.depth(core::stage::mfo_connector), 1);
  b.connector().release();
  EXPECT_TRUE(how.get().delivered());
}

TEST_F(a_hub_that_is_no_connector, gives_a_streamed_reply_in_one_piece) {
  add("b");
  auto request = some_call("1");
  std::string pieces;
  request->on_data = [&](std::string_view piece) {
    pieces.append(piece).append("|");
  };
  EXPECT_EQ(body_of(runner.call("crm", request)), "");
  EXPECT_EQ(pieces, "by b|");
}

TEST_F(a_hub_that_is_no_connector, says_that_there_is_no_connector) {
  EXPECT_EQ(error_of(runner.call("crm", some_call("1"))),
            errc::no_eligible_node);
  EXPECT_EQ(runner.forward("crm", runner.event("1")).error,
            errc::no_eligible_node);
}

TEST_F(a_hub_that_is_no_connector,
       asks_another_one_for_a_server_unknown_there) {
  add("b");
  add("c");
  // Of either one that was asked for the other's.
  for (const auto* server : {"b", "c", "b", "c"})
    EXPECT_TRUE(makes(server, std::string{"by "} + server));
}

TEST_F(a_hub_that_is_no_connector, moves_a_call_whose_connector_is_gone) {
  auto& b = add("b");
  b.connector().holds = true;
  auto got = begin(some_call("1"));
  ASSERT_TRUE(wait_until([&] { return b.connector().calls == 1; }));
  auto& c = add("c");
  b.stop();
  EXPECT_EQ(body_of(got.get()), "by c");
  EXPECT_EQ(c.connector().calls, 1);
}

TEST_F(a_hub_that_is_no_connector, moves_no_call_that_may_not_be_made_twice) {
  auto& b = add("b");
  b.connector().holds = true;
  auto once = some_call("1");
  once->call.repeatable = false;
  auto got = begin(once);
  ASSERT_TRUE(wait_until([&] { return b.connector().calls == 1; }));
  auto& c = add("c");
  b.stop();
  EXPECT_EQ(error_of(got.get()), errc::upstream_failed);
  EXPECT_EQ(c.connector().calls, 0);
}

TEST_F(a_hub_that_is_no_connector, tells_the_connector_that_nobody_waits) {
  auto& b = add("b");
  b.connector().holds = true;
  auto got = begin(some_call("1"));
  ASSERT_TRUE(wait_until([&] { return b.connector().calls == 1; }));
  caf::anon_send(runner.actor(), actors::cancel_atom::value, std::string{"crm"},
                 std::string{"call-none"});
  caf::anon_send(runner.actor(), actors::cancel_atom::value, std::string{"b"},
                 std::string{"call-1"});
  EXPECT_THAT(b.connector().cancelled(), IsEmpty());
  caf::anon_send(runner.actor(), actors::cancel_atom::value, std::string{"crm"},
                 std::string{"call-1"});
  EXPECT_EQ(error_of(got.get()), errc::taskflow_cancelled);
  EXPECT_TRUE(wait_until([&] { return !b.connector().cancelled().empty(); }));
  EXPECT_THAT(b.connector().cancelled(), testing::ElementsAre("call-1"));
}

TEST_F(a_hub_that_is_no_connector, ends_its_calls_when_the_node_stops) {
  auto& b = add("b");
  b.connector().holds = true;
  auto got = begin(some_call("1"));
  ASSERT_TRUE(wait_until([&] { return b.connector().calls == 1; }));
  caf::anon_send(runner.actor(), actors::abandon_atom::value, std::string{"b"});
  caf::anon_send(runner.actor(), actors::abandon_atom::value,
                 std::string{"crm"});
  EXPECT_EQ(error_of(got.get()), errc::draining);
  EXPECT_TRUE(wait_until([&] { return !b.connector().cancelled().empty(); }));
}

TEST_F(a_hub_that_is_no_connector, has_an_answer_when_its_time_is_up) {
  auto& b = add("b");
  b.connector().holds = true;
  auto request = some_call("1");
  request->deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds{200};
  EXPECT_EQ(error_of(runner.call("crm", request)), errc::upstream_timeout);
}

TEST_F(a_hub_that_is_no_connector, asks_no_connector_that_drains) {
  auto& b = add("b");
  auto& c = add("c");
  b.connector().holds = true;
  caf::anon_send(b.actor(), drain_atom::value);
  // Also those that went there before the word was spread come back.
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(makes("crm", "by c"));
  EXPECT_EQ(b.connector().calls, 0);
  EXPECT_EQ(c.connector().calls, 20);
}

TEST_F(a_hub_that_is_no_connector, finishes_what_it_makes_while_it_drains) {
  auto& b = add("b");
  b.connector().holds = true;
  auto got = begin(some_call("1"));
  ASSERT_TRUE(wait_until([&] { return b.connector().calls == 1; }));
  caf::anon_send(b.actor(), drain_atom::value);
  EXPECT_EQ(error_of(runner.call("crm", some_call("2"))),
            errc::no_eligible_node);
  b.connector().release();
  EXPECT_EQ(body_of(got.get()), "by b");
  EXPECT_EQ(b.connector().calls, 1);
}

TEST_F(a_hub_that_is_no_connector, shows_what_it_has_others_do) {
  auto& b = add("b");
  b.connector().holds = true;
  auto got = begin(some_call("1"));
  EXPECT_TRUE(wait_until([&] { return runner.report().calls.away == 1u; }));
  EXPECT_TRUE(wait_until([&] { return b.report().calls.running == 1u; }));
  EXPECT_GE(runner.report().calls_counted().handed, 1u);
  b.connector().release();
  EXPECT_EQ(body_of(got.get()), "by b");
  EXPECT_TRUE(wait_until([&] { return runner.report().calls.away == 0u; }));
  EXPECT_TRUE(wait_until([&] {
    return b.report().calls.running == 0u && b.report().calls.untold == 0u;
  }));
}

TEST_F(a_hub_that_is_no_connector, answers_for_a_connector_that_has_died) {
  auto& b = add("b");
  b.connector().stop();
  EXPECT_EQ(error_of(runner.call("crm", some_call("1"))),
            errc::stage_unavailable);
}

} // namespace mfo::cluster::test
