#include "cluster/transport/transport.hpp"

#include "tests/cluster/transport/raw_peer.hpp"
#include "tests/cluster/transport/test_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace mfo::cluster::test {

namespace {

using kind = link_event::kind;
using testing::HasSubstr;
using namespace std::chrono_literals;

struct transport_test : testing::Test {
  certificates_of_nodes certificates;
};

TEST_F(transport_test, carries_messages_both_ways) {
  test_node a{settings_with(certificates.of("a"))};
  test_node b{settings_with(certificates.of("b"))};
  const auto linked = a.dialled(b, "b");
  ASSERT_EQ(linked.what, kind::linked) << linked.text;
  EXPECT_EQ(linked.peer, "b");
  EXPECT_EQ(linked.way, direction::dialled);
  ASSERT_NE(linked.gate, nullptr);
  EXPECT_TRUE(a.ask(linked.gate));
  EXPECT_EQ(b.asked(), 1);
  const auto accepted = b.wait_for(kind::linked);
  EXPECT_EQ(accepted.peer, "a");
  EXPECT_EQ(accepted.way, direction::accepted);
  EXPECT_EQ(accepted.gate, nullptr);
}

TEST_F(transport_test, carries_messages_of_the_largest_size_and_not_beyond) {
  auto settings = settings_with(certificates.of("a"));
  settings.max_payload = 100'000;
  test_node a{settings_with(certificates.of("b"))};
  test_node b{settings};
  const auto linked = a.dialled(b);
  ASSERT_EQ(linked.what, kind::linked) << linked.text;
  caf::anon_send(caf::actor_cast<caf::actor>(linked.gate),
                 std::string(90'000, 'x'));
  EXPECT_TRUE(a.ask(linked.gate));
  caf::anon_send(caf::actor_cast<caf::actor>(linked.gate),
                 std::string(100'001, 'x'));
  const auto lost = b.wait_for(kind::lost);
  EXPECT_EQ(lost.reason, end_reason::bad_frame);
  EXPECT_THAT(lost.text, HasSubstr("100000 is the limit"));
  EXPECT_EQ(a.wait_for(kind::lost).link, linked.link);
}

TEST_F(transport_test, links_three_nodes_with_each_other) {
  test_node a{settings_with(certificates.of("a"))};
  test_node b{settings_with(certificates.of("b"))};
  test_node c{settings_with(certificates.of("c"))};
  const auto a_b = a.dialled(b, "b");
  const auto a_c = a.dialled(c, "c");
  const auto b_c = b.dialled(c, "c");
  EXPECT_TRUE(a.ask(a_b.gate));
  EXPECT_TRUE(a.ask(a_c.gate));
  EXPECT_TRUE(b.ask(b_c.gate));
  EXPECT_EQ(c.asked(), 2);
  EXPECT_EQ(a.link().links().size(), 2u);
  EXPECT_TRUE(
      support::wait_until([&] { return c.link().links().size() == 2; }));
}

TEST_F(transport_test, carries_messages_without_tls_on_this_host) {
  test_node a{settings_without_tls()};
  test_node b{settings_without_tls()};
  const auto linked = a.dialled(b);
  ASSERT_EQ(linked.what, kind::linked) << linked.text;
  EXPECT_TRUE(a.ask(linked.gate));
}

TEST_F(transport_test, has_no_tls_off_on_an_address_that_others_reach) {
  test_node node{settings_without_tls()};
  auto settings = settings_without_tls();
  settings.listen.host = "0.0.0.0";
  const auto opened =
      transport::open(node.system(), settings,
                      caf::actor_cast<caf::strong_actor_ptr>(
                          node.system().spawn([](caf::event_based_actor*) {})),
                      [](const link_event&) {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("0.0.0.0:0"));
  const auto failed = node.dialled(config::listen_address{"192.0.2.1", 7000});
  EXPECT_EQ(failed.reason, end_reason::not_allowed);
}

TEST_F(transport_test, is_not_opened_without_what_it_needs) {
  caf::actor_system_config bare;
  caf::actor_system system{bare};
  EXPECT_FALSE(transport::open(system, settings_without_tls(), nullptr, {}));
  test_node node{settings_without_tls()};
  EXPECT_FALSE(
      transport::open(node.system(), settings_without_tls(), nullptr, {}));
}

TEST_F(transport_test, gives_each_system_a_node_id_of_its_own) {
  test_node a{settings_without_tls()};
  test_node b{settings_without_tls()};
  EXPECT_NE(a.system().node(), b.system().node());
}

TEST_F(transport_test, refuses_itself) {
  test_node a{settings_with(certificates.of("a"))};
  const auto failed = a.dialled(a);
  EXPECT_EQ(failed.what, kind::failed);
  EXPECT_EQ(a.wait_for(kind::refused).reason, end_reason::own_node);
  EXPECT_TRUE(a.link().links().empty());
}

TEST_F(transport_test, tells_that_nobody_listens) {
  test_node a{settings_with(certificates.of("a"))};
  config::listen_address nobody;
  {
    const black_hole gone;
    nobody = gone.address();
  }
  const auto failed = a.dialled(nobody, "b");
  EXPECT_EQ(failed.what, kind::failed);
  EXPECT_EQ(failed.reason, end_reason::unreachable);
  EXPECT_EQ(failed.peer, "b");
  EXPECT_EQ(a.dialled({"node-2", 1}).reason, end_reason::unreachable)
      << "names are not looked up";
}

TEST_F(transport_test, closes_a_link_and_tells_both_sides) {
  test_node a{settings_with(certificates.of("a"))};
  test_node b{settings_with(certificates.of("b"))};
  const auto linked = a.dialled(b);
  a.link().close(linked.link);
  const auto lost = a.wait_for(kind::lost);
  EXPECT_EQ(lost.link, linked.link);
  EXPECT_EQ(lost.reason, end_reason::closed_here);
  EXPECT_EQ(b.wait_for(kind::lost).reason, end_reason::closed_by_peer);
  EXPECT_TRUE(a.link().links().empty());
  const auto again = a.dialled(b);
  EXPECT_EQ(again.what, kind::linked) << again.text;
  EXPECT_TRUE(a.ask(again.gate));
}

TEST_F(transport_test, tells_that_a_peer_is_gone) {
  test_node a{settings_with(certificates.of("a"))};
  {
    test_node b{settings_with(certificates.of("b"))};
    ASSERT_EQ(a.dialled(b).what, kind::linked);
  }
  EXPECT_EQ(a.wait_for(kind::lost).peer, "b");
}

TEST_F(transport_test, links_again_with_a_peer_that_was_started_anew) {
  test_node a{settings_with(certificates.of("a"))};
  auto settings = settings_with(certificates.of("b"));
  {
    test_node b{settings};
    ASSERT_EQ(a.dialled(b).what, kind::linked);
    settings.listen.port = b.link().bound_port();
  }
  a.wait_for(kind::lost);
  test_node b{settings};
  const auto again = a.dialled(b);
  ASSERT_EQ(again.what, kind::linked) << again.text;
  EXPECT_TRUE(a.ask(again.gate));
}

TEST_F(transport_test, keeps_one_link_of_two_dialled_at_once) {
  for (int round = 0; round < 10; ++round) {
    test_node a{settings_with(certificates.of("a"))};
    test_node b{settings_with(certificates.of("b"))};
    const auto a_token = a.dial(b.address(), "b");
    const auto b_token = b.dial(a.address(), "a");
    const auto of = [](std::uint64_t token) {
      return [token](const link_event& event) {
        return event.token == token;
      };
    };
    const auto at_a = a.wait_for(of(a_token));
    const auto at_b = b.wait_for(of(b_token));
    const auto& better = at_a.what == kind::linked ? at_a : at_b;
    ASSERT_EQ(better.what, kind::linked) << at_a.text << ", " << at_b.text;
    EXPECT_TRUE((at_a.what == kind::linked ? a : b).ask(better.gate));
    EXPECT_TRUE(support::wait_until([&] {
      return a.link().links().size() == 1 && b.link().links().size() == 1;
    }));
  }
}

TEST_F(transport_test, has_as_many_links_as_it_may) {
  auto settings = settings_with(certificates.of("a"));
  settings.max_connections = 1;
  test_node a{settings};
  test_node b{settings_with(certificates.of("b"))};
  test_node c{settings_with(certificates.of("c"))};
  ASSERT_EQ(b.dialled(a).what, kind::linked);
  EXPECT_EQ(c.dialled(a).what, kind::failed);
  EXPECT_EQ(a.wait_for(kind::refused).reason, end_reason::full);
  EXPECT_EQ(a.dialled(c).reason, end_reason::full);
}

TEST_F(transport_test, notices_a_peer_that_has_fallen_silent) {
  const heartbeat_settings quick{100ms, 500ms};
  const heartbeat_settings none{1h, 0ms};
  test_node a{settings_with(certificates.of("a")), quick};
  test_node b{settings_with(certificates.of("b")), none};
  const auto linked = a.dialled(b);
  ASSERT_EQ(linked.what, kind::linked) << linked.text;
  const auto lost = a.wait_for(kind::lost);
  EXPECT_EQ(lost.reason, end_reason::given_up);
  EXPECT_THAT(lost.text, HasSubstr("heard"));
}

TEST_F(transport_test, ends_a_link_on_which_too_much_waits) {
  auto settings = settings_with(certificates.of("a"));
  settings.max_unsent = 100'000;
  test_node a{settings};
  test_node b{settings_with(certificates.of("b"))};
  const auto linked = a.dialled(b);
  ASSERT_EQ(linked.what, kind::linked) << linked.text;
  caf::anon_send(caf::actor_cast<caf::actor>(linked.gate),
                 std::string(100'001, 'x'));
  const auto lost = a.wait_for(kind::lost);
  EXPECT_EQ(lost.reason, end_reason::slow_reader);
  EXPECT_THAT(lost.text, HasSubstr("bytes wait for the peer"));
}

TEST_F(transport_test, stops_at_once_while_it_dials_black_holes) {
  const black_hole hole;
  test_node a{settings_with(certificates.of("a"))};
  test_node b{settings_with(certificates.of("b"))};
  ASSERT_EQ(a.dialled(b).what, kind::linked);
  for (int i = 0; i < 40; ++i)
    a.dial(hole.address());
  const raw_peer silent{a.address()};
  const auto begin = std::chrono::steady_clock::now();
  a.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_EQ(a.count(kind::failed), 40u) << a.told();
  EXPECT_EQ(a.count(kind::lost), 1u);
  EXPECT_FALSE(a.link().dial(hole.address(), "", 1)) << "no longer";
  b.wait_for(kind::lost);
}

TEST_F(transport_test, takes_so_many_dials_and_no_more) {
  const black_hole hole;
  test_node a{settings_with(certificates.of("a"))};
  int taken = 0;
  while (taken < 1000 && a.link().dial(hole.address(), "", 7))
    ++taken;
  EXPECT_GE(taken, 64);
  EXPECT_LE(taken, 64 + 16);
}

TEST_F(transport_test, gives_up_a_black_hole_within_the_deadline) {
  const black_hole hole;
  test_node a{settings_with(certificates.of("a"))};
  const auto begin = std::chrono::steady_clock::now();
  const auto failed = a.dialled(hole.address());
  EXPECT_EQ(failed.reason, end_reason::timed_out) << failed.text;
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 2s);
}

} // namespace

} // namespace mfo::cluster::test
