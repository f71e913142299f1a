#include "tests/integration/fixture.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <fstream>
#include <list>

namespace mfo::integration {
namespace {

/// Everything that can grow has a bound, and an answer when it is reached.
class bounds : public running_node {
protected:
  /// The connection on which an event waits for a server that is silent.
  std::unique_ptr<raw_client> send_and_wait(std::string_view body) {
    auto sender = std::make_unique<raw_client>(port);
    sender->write(signed_request(body));
    return sender;
  }

  /// The node may open those with lower numbers from now on; what it might
  /// before.
  rlim_t allow_descriptors(rlim_t count) {
    rlimit old{};
    EXPECT_EQ(::prlimit(node->pid(), RLIMIT_NOFILE, nullptr, &old), 0);
    const rlimit now{count, old.rlim_max};
    EXPECT_EQ(::prlimit(node->pid(), RLIMIT_NOFILE, &now, nullptr), 0);
    return old.rlim_cur;
  }

  /// Of the node, in bytes: the first number of proc_pid_statm(5), in pages.
  std::uint64_t address_space() const {
    std::uint64_t pages = 0;
    std::ifstream{"/proc/" + std::to_string(node->pid()) + "/statm"} >> pages;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  }

  /// A server that holds every event until it is told to fail.
  void hold_events() {
    set_faults(R"({"latency_ms":1500})");
  }
};

TEST_F(bounds, on_events_in_flight_are_kept_and_left_again) {
  start("limits: {max_in_flight: 2}\n");
  hold_events();
  const auto first = send_and_wait("1");
  const auto second = send_and_wait("2");
  ASSERT_TRUE(comes_to_hold(2));
  const auto third = post("3");
  expect_problem(third, 503, "saturated");
  EXPECT_EQ(third.header("retry-after"), "1");
  EXPECT_EQ(first->read().status, 202);
  EXPECT_EQ(second->read().status, 202);
  server->clear_faults();
  EXPECT_EQ(post("4").status, 202);
  EXPECT_EQ(server->count(), 3u);
}

TEST_F(bounds, on_bytes_in_flight_are_kept_and_left_again) {
  start("limits: {max_body: 64KiB, max_bytes_in_flight: 64KiB}\n");
  hold_events();
  const std::string large = "\"" + std::string(40'000, 'x') + "\"";
  const auto first = send_and_wait(large);
  ASSERT_TRUE(comes_to_hold(1));
  const auto second = post(large);
  expect_problem(second, 503, "saturated");
  EXPECT_EQ(second.header("retry-after"), "1");
  EXPECT_EQ(post("1").status, 202);
  EXPECT_EQ(first->read().status, 202);
  EXPECT_EQ(post(large).status, 202);
}

TEST_F(bounds, on_connections_are_kept_and_left_again) {
  start("limits: {max_connections: 2}\n");
  auto first = std::make_unique<raw_client>(port);
  raw_client second{port};
  EXPECT_EQ(first->ask("POST", "/webhook", "1", signed_fields("1")).status,
            202);
  EXPECT_EQ(second.ask("POST", "/webhook", "2", signed_fields("2")).status,
            202);
  const auto third = post("3");
  expect_problem(third, 503, "saturated");
  EXPECT_EQ(third.header("connection"), "close");
  EXPECT_EQ(third.header("retry-after"), "1");
  first.reset();
  ASSERT_TRUE(wait_until(
      [&] { return sum_of(metrics(), "mfo_http_connections") == 1; }));
  EXPECT_EQ(post("4").status, 202);
}

TEST_F(bounds, on_descriptors_are_outlived) {
#ifdef MFO_ADDRESS_SANITIZER
  GTEST_SKIP() << "UBSan needs a descriptor to look at an object, and without "
                  "one takes it for a bad one";
#endif
  start();
  raw_client watch{admin_port};
  EXPECT_EQ(watch.ask("GET", "/health/live").status, 200);
  raw_client before{port};
  EXPECT_EQ(before.ask("GET", "/webhook").status, 405);
  const auto allowed = allow_descriptors(3); // those of 0 to 2 are open
  raw_client sender{port};
  sender.write(signed_request("1"));
  EXPECT_TRUE(wait_until([&] {
    return sum_of(watch.ask("GET", "/metrics").body,
                  "mfo_http_accept_failures_total") > 0;
  }));
  EXPECT_EQ(before.ask("GET", "/webhook").status, 405) << "on what is open";
  allow_descriptors(allowed);
  EXPECT_EQ(sender.read().status, 202) << "it was kept waiting";
  EXPECT_EQ(post("2").status, 202);
}

/// Half of what was being done then is nothing to go on with.
TEST_F(bounds, on_memory_end_it_at_once_and_say_so) {
#ifdef MFO_SANITIZED
  GTEST_SKIP() << "a sanitizer takes address space of its own";
#endif
  start();
  hold_events();
  rlimit now{};
  ASSERT_EQ(::prlimit(node->pid(), RLIMIT_AS, nullptr, &now), 0);
  now.rlim_cur = address_space() + (4U << 20);
  ASSERT_EQ(::prlimit(node->pid(), RLIMIT_AS, &now, nullptr), 0);
  const auto large = signed_request('"' + std::string(900'000, 'x') + '"');
  using boost::asio::ip::tcp;
  const tcp::endpoint at{boost::asio::ip::address_v4::loopback(), port};
  boost::asio::io_context io;
  std::list<tcp::socket> senders;
  boost::system::error_code gone;
  for (int i = 0; i < 64 && !gone; ++i)
    if (!senders.emplace_back(io).connect(at, gone))
      boost::asio::write(senders.back(), boost::asio::buffer(large), gone);
  EXPECT_EQ(node->wait(), 71);
  EXPECT_THAT(node->errors(), testing::HasSubstr("out of memory"));
  node = nullptr; // whose errors are to be none otherwise
}

TEST_F(bounds, on_the_body_are_told_before_it_is_read) {
  start("limits: {max_body: 1KiB}\n");
  raw_client sender{port};
  sender.write("POST /webhook HTTP/1.1\r\nHost: test\r\n"
               "Content-Type: application/json\r\n"
               "Content-Length: 1025\r\n\r\n");
  const auto got = sender.read();
  expect_problem(got, 413, "payload_too_large");
  EXPECT_EQ(got.header("connection"), "close");
}

TEST_F(bounds, on_the_body_hold_for_chunks_as_well) {
  start("limits: {max_body: 1KiB}\n");
  raw_client sender{port};
  sender.write("POST /webhook HTTP/1.1\r\nHost: test\r\n"
               "Content-Type: application/json\r\n"
               "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 3; ++i)
    sender.write("200\r\n" + std::string(0x200, 'x') + "\r\n");
  expect_problem(sender.read(), 413, "payload_too_large");
}

TEST_F(bounds, on_the_body_include_the_largest_allowed) {
  start("limits: {max_body: 1KiB}\n");
  const std::string largest = "\"" + std::string(1022, 'x') + "\"";
  EXPECT_EQ(post(largest).status, 202);
}

TEST_F(bounds, on_the_head_are_kept) {
  start("limits: {max_header: 1KiB}\n");
  expect_problem(post("1", {{"X-Long", std::string(2000, 'x')}}), 431,
                 "header_too_large");
}

TEST_F(bounds, on_patience_end_a_body_that_does_not_come) {
  start("limits: {body_timeout: 200ms}\n");
  raw_client sender{port};
  sender.write("POST /webhook HTTP/1.1\r\nHost: test\r\n"
               "Content-Type: application/json\r\n"
               "Content-Length: 10\r\n\r\n{");
  const auto got = sender.read();
  expect_problem(got, 408, "request_timeout");
  EXPECT_EQ(got.header("connection"), "close");
}

TEST_F(bounds, on_patience_end_a_head_that_does_not_come) {
  start("limits: {header_timeout: 200ms}\n");
  raw_client sender{port};
  sender.write("POST /webhook HTT");
  expect_problem(sender.read(), 408, "request_timeout");
}

TEST_F(bounds, on_patience_close_a_connection_that_is_idle) {
  start("limits: {idle_timeout: 200ms}\n");
  raw_client sender{port};
  EXPECT_EQ(sender.ask("POST", "/webhook", "1", signed_fields("1")).status,
            202);
  EXPECT_EQ(sender.read_all(), "");
  EXPECT_TRUE(sender.closed());
}

TEST_F(bounds, hold_when_a_sender_hangs_up) {
  start("limits: {max_in_flight: 1}\n");
  set_faults(R"({"latency_ms":300,"count":1})");
  send_and_wait("1"); // and gone
  EXPECT_TRUE(wait_until([&] { return server->count() == 1; }));
  EXPECT_TRUE(comes_to_hold(0));
  EXPECT_EQ(post("2").status, 202);
}

} // namespace
} // namespace mfo::integration
