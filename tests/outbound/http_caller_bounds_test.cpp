// Time, size, number, and calls that nobody wants any more.

#include "tests/outbound/caller_fixture.hpp"

#include <semaphore>

namespace mfo::outbound {
namespace {

/// Answers each request once it may go on.
class gate {
public:
  script_server::script script() {
    return [this](server_peer& peer, int) {
      while (peer.read_request()) {
        ++requests_;
        open_.acquire();
        if (!peer.write(reply_of("ok")))
          return;
      }
    };
  }

  /// Seen so far.
  [[nodiscard]] int requests() const {
    return requests_;
  }

  void let_through(int requests) {
    open_.release(requests);
  }

private:
  std::atomic<int> requests_{0};
  std::counting_semaphore<> open_{0};
};

TEST(http_caller_bounds, end_a_call_at_its_deadline) {
  script_server server{test::silent()};
  caller_world world{allowing({"127.0.0.1:*"})};
  const auto result = world.ask(get(on_port("127.0.0.1", server.port())), 50ms);
  ASSERT_THAT(result, fails_with("timeout"));
  EXPECT_TRUE(result.error().transient);
  EXPECT_FALSE(result.error().refused);
}

TEST(http_caller_bounds, end_a_call_at_the_configured_time) {
  script_server server{test::silent()};
  auto settings = allowing({"127.0.0.1:*"});
  settings.timeout = 50ms;
  caller_world world{settings};
  EXPECT_THAT(world.ask(get(on_port("127.0.0.1", server.port()))),
              fails_with("timeout"));
}

TEST(http_caller_bounds, do_not_begin_what_is_too_late) {
  script_server server{always(reply_of("ok"))};
  caller_world world{allowing({"127.0.0.1:*"})};
  EXPECT_THAT(world.ask(get(on_port("127.0.0.1", server.port())), -1ms),
              fails_with("timeout"));
  EXPECT_EQ(server.connections(), 0);
}

TEST(http_caller_bounds, end_a_reply_that_trickles_in) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (peer.write("x"))
      std::this_thread::yield();
  }};
  caller_world world{allowing({"127.0.0.1:*"})};
  EXPECT_THAT(world.ask(get(on_port("127.0.0.1", server.port())), 100ms),
              testing::AnyOf(fails_with("timeout"), fails_with("broken")));
}

TEST(http_caller_bounds, end_a_reply_that_is_too_large) {
  script_server server{always(reply_of(std::string(1001, 'x')))};
  auto settings = allowing({"127.0.0.1:*"});
  settings.max_response = 1000;
  caller_world world{settings};
  const auto result = world.ask(get(on_port("127.0.0.1", server.port())));
  ASSERT_THAT(result, fails_with("too_large"));
  EXPECT_FALSE(result.error().transient);
}

TEST(http_caller_bounds, let_calls_wait_for_a_turn) {
  gate doors;
  script_server server{doors.script()};
  auto settings = allowing({"127.0.0.1:*"});
  settings.max_in_flight = 2;
  caller_world world{settings};
  const auto url = on_port("127.0.0.1", server.port());
  std::vector<caller_world::sent> calls;
  for (int i = 0; i < 5; ++i)
    calls.push_back(world.send(get(url)));
  EXPECT_TRUE(eventually([&] {
    const auto stats = world.caller().stats();
    return stats.in_flight == 2 && stats.waiting == 3 && doors.requests() == 2;
  }));
  doors.let_through(5);
  for (auto& each : calls)
    EXPECT_THAT(caller_world::await(each.answer), has_body("ok"));
  EXPECT_LE(server.connections(), 2);
  EXPECT_TRUE(
      eventually([&] { return world.caller().stats().in_flight == 0; }));
}

TEST(http_caller_bounds, refuse_a_call_too_many_until_later) {
  gate doors;
  script_server server{doors.script()};
  auto settings = allowing({"127.0.0.1:*"});
  settings.max_in_flight = 1;
  settings.max_waiting = 1;
  caller_world world{settings};
  const auto url = on_port("127.0.0.1", server.port());
  auto first = world.send(get(url));
  auto second = world.send(get(url));
  const auto third = world.ask(get(url));
  ASSERT_THAT(third, fails_with("busy"));
  EXPECT_TRUE(third.error().transient);
  doors.let_through(2);
  EXPECT_THAT(caller_world::await(first.answer), has_body("ok"));
  EXPECT_THAT(caller_world::await(second.answer), has_body("ok"));
}

TEST(http_caller_bounds, end_a_call_that_waits_too_long) {
  gate doors;
  script_server server{doors.script()};
  auto settings = allowing({"127.0.0.1:*"});
  settings.max_in_flight = 1;
  caller_world world{settings};
  const auto url = on_port("127.0.0.1", server.port());
  auto first = world.send(get(url));
  EXPECT_THAT(world.ask(get(url), 50ms), fails_with("timeout"));
  EXPECT_EQ(world.caller().stats().waiting, 0u);
  doors.let_through(1);
  EXPECT_THAT(caller_world::await(first.answer), has_body("ok"));
}

/// A promise that was given away unanswered says so.
bool is_abandoned(std::future<taskflow::call_result>& answer) {
  if (answer.wait_for(20s) != std::future_status::ready)
    return false;
  try {
    answer.get();
    return false;
  } catch (const std::future_error& error) {
    return error.code() == std::future_errc::broken_promise;
  }
}

TEST(http_caller_bounds, close_the_connection_of_a_call_that_is_cancelled) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.wait_for_close();
  }};
  caller_world world{allowing({"127.0.0.1:*"})};
  auto call = world.send(get(on_port("127.0.0.1", server.port())));
  EXPECT_TRUE(eventually([&] { return server.connections() == 1; }));
  call.handle.cancel();
  call.handle.cancel();
  EXPECT_TRUE(is_abandoned(call.answer));
  EXPECT_TRUE(eventually([&] { return server.finished() == 1; }));
  EXPECT_TRUE(
      eventually([&] { return world.caller().stats().in_flight == 0; }));
}

TEST(http_caller_bounds, give_the_turn_of_a_cancelled_call_to_the_next) {
  gate doors;
  script_server server{doors.script()};
  auto settings = allowing({"127.0.0.1:*"});
  settings.max_in_flight = 1;
  caller_world world{settings};
  const auto url = on_port("127.0.0.1", server.port());
  auto first = world.send(get(url));
  auto second = world.send(get(url));
  auto third = world.send(get(url));
  EXPECT_TRUE(eventually([&] { return doors.requests() == 1; }));
  second.handle.cancel();
  EXPECT_TRUE(eventually([&] { return world.caller().stats().waiting == 1; }));
  first.handle.cancel();
  EXPECT_TRUE(eventually([&] { return doors.requests() == 2; }));
  doors.let_through(2);
  EXPECT_THAT(caller_world::await(third.answer), has_body("ok"));
  EXPECT_TRUE(is_abandoned(second.answer));
  EXPECT_EQ(doors.requests(), 2);
}

TEST(http_caller_bounds, leave_alone_what_was_answered_before_it_is_cancelled) {
  script_server server{always(reply_of("ok"))};
  caller_world world{allowing({"127.0.0.1:*"})};
  const auto url = on_port("127.0.0.1", server.port());
  auto call = world.send(get(url));
  EXPECT_THAT(caller_world::await(call.answer), has_body("ok"));
  call.handle.cancel();
  call_handle{}.cancel();
  EXPECT_THAT(world.ask(get(url)), has_body("ok"));
  EXPECT_EQ(server.connections(), 1);
}

TEST(http_caller_bounds, answer_everything_when_the_caller_closes) {
  script_server server{test::silent()};
  auto settings = allowing({"127.0.0.1:*"});
  settings.max_in_flight = 1;
  caller_world world{settings};
  const auto url = on_port("127.0.0.1", server.port());
  auto first = world.send(get(url));
  auto second = world.send(get(url));
  world.caller().close();
  EXPECT_THAT(caller_world::await(first.answer), fails_with("closed"));
  EXPECT_THAT(caller_world::await(second.answer), fails_with("closed"));
  EXPECT_THAT(world.ask(get(url)), fails_with("closed"));
  EXPECT_TRUE(eventually([&] {
    const auto stats = world.caller().stats();
    return stats.in_flight == 0 && stats.hosts == 0;
  }));
}

TEST(http_caller_bounds, answer_everything_when_the_caller_goes_away) {
  script_server server{test::silent()};
  caller_world world{allowing({"127.0.0.1:*"})};
  auto call = world.send(get(on_port("127.0.0.1", server.port())));
  world.drop_caller();
  EXPECT_THAT(caller_world::await(call.answer), fails_with("closed"));
}

TEST(http_caller_bounds, answer_everything_when_the_io_context_goes_away) {
  std::vector<std::string> codes;
  {
    boost::asio::io_context io;
    const auto caller = make_http_caller(io, allowing({"a.example"})).value();
    caller->send(
        get("https://a.example/"), std::chrono::steady_clock::now() + 30s,
        [&](const auto& result) { codes.push_back(result.error().code); });
  }
  EXPECT_THAT(codes, testing::ElementsAre("closed"));
}

} // namespace
} // namespace mfo::outbound
