#include "tests/cluster/transport/raw_peer.hpp"
#include "tests/cluster/transport/test_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mfo::cluster::test {

namespace {

using kind = link_event::kind;
using testing::AnyOf;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// A node with a healthy link, on which messages go to and fro whatever is
/// done to the node, and which is asked in the end.
struct refusal_test : testing::Test {
  refusal_test() {
    const auto linked = healthy.dialled(node, "healthy-peer");
    if (linked.what == kind::linked)
      gate = linked.gate;
    EXPECT_NE(gate, nullptr) << linked.text;
  }

  ~refusal_test() override {
    if (gate == nullptr)
      return;
    EXPECT_TRUE(healthy.ask(gate)) << "an other's refusal has cut this link";
    EXPECT_EQ(healthy.count(kind::lost), 0u) << healthy.told();
  }

  /// What both sides say of a dial from `peer`; messages go on meanwhile.
  void expect_refused(test_node& peer, const std::string& expected,
                      end_reason at_node, end_reason at_peer,
                      const std::string& words_at_peer) {
    const auto token = peer.dial(node.address(), expected);
    EXPECT_TRUE(healthy.ask(gate));
    const auto failed =
        peer.wait_for([&](const auto& event) { return event.token == token; });
    EXPECT_EQ(failed.what, kind::failed);
    EXPECT_EQ(to_string(failed.reason), to_string(at_peer)) << failed.text;
    EXPECT_THAT(failed.text, HasSubstr(words_at_peer));
    const auto refused = node.wait_for(kind::refused);
    EXPECT_EQ(to_string(refused.reason), to_string(at_node)) << refused.text;
    EXPECT_FALSE(refused.text.empty());
    EXPECT_EQ(node.link().count(at_node), 1u);
  }

  /// What the node says of one who writes this.
  link_event refused(raw_peer& peer, std::string_view bytes) {
    const auto begin = std::chrono::steady_clock::now();
    peer.write(bytes);
    EXPECT_TRUE(healthy.ask(gate));
    EXPECT_TRUE(peer.sees_the_end());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s + 3s);
    return node.wait_for(kind::refused);
  }

  certificates_of_nodes certificates;
  test_node node{settings_with(certificates.of("healthy-peer"),
                               {"healthy-node", "healthy-peer", "good"})};
  test_node healthy{settings_with(certificates.of("healthy-node"))};
  caf::strong_actor_ptr gate;
};

TEST_F(refusal_test, of_a_name_that_is_not_on_the_list) {
  test_node peer{settings_with(certificates.of("unlisted"))};
  expect_refused(peer, "", end_reason::not_allowed, end_reason::refused_by_peer,
                 "list");
  EXPECT_THAT(node.wait_for(kind::refused).text, HasSubstr("unlisted"));
}

TEST_F(refusal_test, of_an_authority_that_this_node_does_not_trust) {
  test_node peer{settings_with(certificates.of_stranger("good"))};
  expect_refused(peer, "", end_reason::untrusted, end_reason::refused_by_peer,
                 "CA");
}

TEST_F(refusal_test, of_a_node_of_another_cluster) {
  test_node peer{settings_with(certificates.of_other_cluster("good"))};
  expect_refused(peer, "", end_reason::refused_by_peer, end_reason::untrusted,
                 "not of this cluster's CA");
}

TEST_F(refusal_test, of_a_certificate_that_is_out_of_date) {
  test_node peer{settings_with(certificates.expired("good"))};
  expect_refused(peer, "", end_reason::expired, end_reason::refused_by_peer,
                 "out of date");
}

TEST_F(refusal_test, by_one_who_dialled_somebody_else) {
  test_node peer{settings_with(certificates.of("good"))};
  expect_refused(peer, "other", end_reason::refused_by_peer,
                 end_reason::wrong_name, "healthy-peer");
}

TEST_F(refusal_test, of_garbage) {
  raw_peer peer{node.address()};
  std::string garbage(100'000, '\xa5');
  EXPECT_EQ(refused(peer, garbage).reason, end_reason::not_tls);
}

TEST_F(refusal_test, of_garbage_that_begins_as_tls_does) {
  raw_peer peer{node.address()};
  EXPECT_THAT(
      refused(peer, "\x16 is how a record begins, and this is none").reason,
      AnyOf(end_reason::not_tls, end_reason::tls_failed));
}

TEST_F(refusal_test, of_an_http_request) {
  raw_peer peer{node.address()};
  const auto event = refused(peer, "GET / HTTP/1.1\r\nHost: node\r\n\r\n");
  EXPECT_EQ(event.reason, end_reason::not_tls);
  EXPECT_EQ(event.text, "not TLS: it begins with the byte 0x47");
  EXPECT_THAT(event.address, HasSubstr("127.0.0.1:"));
}

TEST_F(refusal_test, of_silence) {
  raw_peer peer{node.address()};
  EXPECT_EQ(refused(peer, "").reason, end_reason::silent);
}

TEST_F(refusal_test, of_a_half_of_a_handshake) {
  raw_peer peer{node.address()};
  EXPECT_EQ(refused(peer, std::string{"\x16\x03\x01\x02\x00", 5}).reason,
            end_reason::timed_out);
}

TEST_F(refusal_test, of_one_who_hangs_up_at_once) {
  { const raw_peer peer{node.address()}; }
  EXPECT_EQ(node.wait_for(kind::refused).reason, end_reason::closed_by_peer);
}

TEST_F(refusal_test, of_the_silent_keeps_no_peer_out) {
  std::vector<std::unique_ptr<raw_peer>> silent;
  for (int i = 0; i < 100; ++i)
    silent.push_back(std::make_unique<raw_peer>(node.address()));
  test_node peer{settings_with(certificates.of("good"))};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(peer.dialled(node).what, kind::linked);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_GE(node.link().count(end_reason::crowded), 30u);
  EXPECT_TRUE(support::wait_until([&] {
    return node.link().count(end_reason::crowded) +
               node.link().count(end_reason::silent) ==
           100;
  }));
}

TEST_F(refusal_test, of_those_who_begin_and_stop_keeps_no_peer_out_for_long) {
  std::vector<std::unique_ptr<raw_peer>> stuck;
  for (int i = 0; i < 20; ++i) {
    stuck.push_back(std::make_unique<raw_peer>(node.address()));
    stuck.back()->write("\x16");
  }
  test_node peer{settings_with(certificates.of("good"))};
  const auto begin = std::chrono::steady_clock::now();
  while (peer.dialled(node).what != kind::linked)
    ASSERT_LT(std::chrono::steady_clock::now() - begin, support::patience);
  EXPECT_TRUE(support::wait_until([&] {
    return node.count(kind::linked) >= 2;
  })) << "of it and of the healthy one";
}

/// Without TLS a peer needs no certificate to say what it likes.
struct plain_refusal_test : testing::Test {
  end_reason refused(std::string_view bytes) {
    raw_peer peer{node.address()};
    peer.write(bytes);
    EXPECT_TRUE(peer.sees_the_end());
    return node.wait_for(kind::refused).reason;
  }

  ~plain_refusal_test() override {
    test_node peer{settings_without_tls()};
    const auto linked = peer.dialled(node);
    EXPECT_EQ(linked.what, kind::linked) << linked.text;
    EXPECT_TRUE(peer.ask(linked.gate));
  }

  test_node node{settings_without_tls()};
};

TEST_F(plain_refusal_test, of_the_header_that_ends_caf) {
  std::string header(32, '\0');
  header[0] = 1;
  EXPECT_EQ(refused(header), end_reason::bad_frame);
}

TEST_F(plain_refusal_test, of_a_header_of_zeros) {
  EXPECT_EQ(refused(std::string(32, '\0')), end_reason::bad_frame);
}

TEST_F(plain_refusal_test, of_a_header_that_announces_two_gigabytes) {
  std::string header(32, '\0');
  header[0] = 1;
  header[4] = '\x80';
  EXPECT_EQ(refused(header), end_reason::bad_frame);
}

TEST_F(plain_refusal_test, of_an_http_request) {
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n\r\n"), end_reason::bad_frame);
}

TEST_F(plain_refusal_test, of_silence) {
  EXPECT_EQ(refused(""), end_reason::silent);
}

TEST_F(plain_refusal_test, of_a_handshake_that_does_not_end) {
  EXPECT_EQ(refused(std::string{"\x01\0\0\0\0\0\0\x20", 8}),
            end_reason::timed_out);
}

TEST_F(plain_refusal_test, of_a_handshake_that_is_no_node) {
  std::string hello(32, '\0');
  hello[0] = 1;
  hello[7] = 40;
  EXPECT_EQ(refused(hello + std::string(40, '\xff')), end_reason::bad_frame);
}

} // namespace

} // namespace mfo::cluster::test
