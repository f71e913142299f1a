#include "cluster/transport/handshake_room.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::wire {

namespace {

using namespace std::chrono_literals;

/// A room for two at once and three who wait, without TLS, and its peers at
/// the other ends of pairs of sockets.
struct handshake_room_test : testing::Test {
  /// One comes in; gives the other end.
  int enter(link_id link) {
    std::array<int, 2> ends{};
    EXPECT_EQ(
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
    far_ends.emplace_back(ends[1]);
    handshake work{unique_socket{ends[0]}, rules};
    note(room.enter({.link = link, .work = std::move(work)}, now));
    return ends[1];
  }

  static void say(int far_end, const std::string& bytes) {
    EXPECT_EQ(::send(far_end, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  /// One turn of the loop, which waits for nothing.
  void turn() {
    std::vector<pollfd> polled;
    room.add_to(polled);
    ::poll(polled.data(), polled.size(), 0);
    for (auto& each : room.advance(polled, now))
      note(std::move(each));
  }

  void note(std::optional<handshake_room::leaver> left) {
    if (!left)
      return;
    const auto reason =
        left->failure ? std::string{to_string(left->failure->reason)} : "done";
    gone.emplace_back(left->who.link, reason);
  }

  static std::string hello() {
    const basp_header header{.operation = basp::client_handshake,
                             .payload_length = 2};
    return header.write() + "id";
  }

  handshake_rules rules{};
  handshake_room room{{.at_once = 2, .waiting = 3, .deadline = 2s}};
  handshake_room::clock::time_point now{1h};
  std::list<unique_socket> far_ends;
  std::vector<std::pair<link_id, std::string>> gone;
};

using all_gone = std::vector<std::pair<link_id, std::string>>;

TEST_F(handshake_room_test, lets_go_who_has_said_what_is_due) {
  const auto peer = enter(1);
  turn();
  EXPECT_TRUE(gone.empty());
  say(peer, hello().substr(0, 20));
  turn();
  EXPECT_TRUE(gone.empty());
  say(peer, hello().substr(20));
  turn();
  EXPECT_EQ(gone, (all_gone{{1, "done"}}));
  EXPECT_EQ(room.size(), 0u);
}

TEST_F(handshake_room_test, lets_go_who_says_nothing_at_the_deadline) {
  enter(1);
  now += 1s;
  enter(2);
  EXPECT_EQ(room.next_deadline(), now + 1s);
  now += 1s - 1ms;
  turn();
  EXPECT_TRUE(gone.empty());
  now += 1ms;
  turn();
  EXPECT_EQ(gone, (all_gone{{1, "silent"}}));
}

TEST_F(handshake_room_test, lets_go_who_begins_and_does_not_end) {
  say(enter(1), "\x01");
  turn();
  now += 2s;
  turn();
  EXPECT_EQ(gone, (all_gone{{1, "timed_out"}}));
}

TEST_F(handshake_room_test, lets_the_oldest_of_the_silent_go_for_one_more) {
  for (link_id link = 1; link <= 5; ++link)
    enter(link);
  EXPECT_EQ(gone, (all_gone{{1, "crowded"}, {2, "crowded"}}));
}

TEST_F(handshake_room_test, holds_no_place_for_the_silent) {
  enter(1);
  enter(2);
  say(enter(3), hello());
  turn();
  EXPECT_EQ(gone, (all_gone{{3, "done"}}));
}

TEST_F(handshake_room_test, has_so_many_at_work_at_once) {
  say(enter(1), "\x01");
  const auto second = enter(2);
  say(second, "\x01");
  turn();
  EXPECT_FALSE(room.has_place());
  say(enter(3), hello());
  turn();
  EXPECT_TRUE(gone.empty()) << "it waits, though it has said all";
  ::shutdown(second, SHUT_RDWR);
  turn();
  turn();
  EXPECT_EQ(gone, (all_gone{{2, "closed_by_peer"}, {3, "done"}}));
}

TEST_F(handshake_room_test, polls_nobody_who_waits_for_a_place) {
  say(enter(1), "\x01");
  say(enter(2), "\x01");
  turn();
  say(enter(3), hello());
  std::vector<pollfd> polled;
  room.add_to(polled);
  EXPECT_EQ(::poll(polled.data(), polled.size(), 0), 0);
}

TEST_F(handshake_room_test, says_goodbye_before_it_closes) {
  const auto peer = enter(1);
  say(peer, "GET / HTTP/1.1\r\n\r\n");
  turn();
  EXPECT_EQ(gone, (all_gone{{1, "bad_frame"}}));
  char byte = 0;
  EXPECT_EQ(::recv(peer, &byte, 1, 0), 0) << "nothing more comes";
  EXPECT_EQ(::send(peer, "x", 1, MSG_NOSIGNAL), 1) << "but it still listens";
  now += 200ms;
  turn();
  EXPECT_EQ(::send(peer, "x", 1, MSG_NOSIGNAL), -1);
  EXPECT_EQ(room.next_deadline(), std::nullopt);
}

TEST_F(handshake_room_test, lets_all_go_when_it_is_cleared) {
  enter(1);
  say(enter(2), "\x01");
  turn();
  for (auto& each : room.clear({end_reason::stopped, "the end"}))
    note(std::move(each));
  EXPECT_EQ(gone, (all_gone{{1, "stopped"}, {2, "stopped"}}));
}

} // namespace

} // namespace mfo::cluster::wire
