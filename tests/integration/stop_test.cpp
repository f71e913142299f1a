#include "tests/integration/fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <thread>

namespace mfo::integration {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

/// A node that is told to stop lets go of nothing that it has taken.
class stop : public running_node {
protected:
  /// An event that the server takes its time for.
  void put_one_in_flight(std::string_view server_faults) {
    set_faults(server_faults);
    waiting = std::make_unique<raw_client>(port);
    waiting->write(signed_request(R"({"in":"flight"})"));
    ASSERT_TRUE(comes_to_hold(1));
  }

  [[nodiscard]] bool is_draining() {
    return ask_admin("GET", "/health/ready").status == 503;
  }

  std::unique_ptr<raw_client> waiting;
};

TEST_F(stop, ends_with_0_when_there_is_nothing_to_finish) {
  start();
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0);
  EXPECT_THAT(node->output(), HasSubstr("node stopped"));
}

/// SIGTERM and SIGINT ask for the same.
class stop_by : public stop, public testing::WithParamInterface<int> {};

TEST_P(stop_by, finishes_what_is_in_flight_and_refuses_the_rest) {
  start();
  raw_client kept{port};
  EXPECT_EQ(kept.ask("POST", "/webhook", "1", signed_fields("1")).status, 202);
  put_one_in_flight(R"({"latency_ms":2000})");
  EXPECT_EQ(ask_admin("GET", "/health/ready").status, 200);
  node->signal(GetParam());
  ASSERT_TRUE(wait_until([this] { return is_draining(); }));

  const auto refused = kept.ask("POST", "/webhook", "2", signed_fields("2"));
  expect_problem(refused, 503, "draining");
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(refused.header("connection"), "close");
  expect_problem(post("3"), 503, "draining");
  EXPECT_EQ(ask_admin("GET", "/health/live").status, 200);
  const auto now = metrics();
  EXPECT_EQ(sum_of(now, "mfo_events_in_flight"), 1);
  EXPECT_EQ(sum_of(now, "mfo_events_received_total"), 4);

  const auto got = waiting->read();
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(node->wait(), 0);
  EXPECT_EQ(server->count(), 2u);
}

INSTANTIATE_TEST_SUITE_P(signal, stop_by, testing::Values(SIGTERM, SIGINT),
                         [](const auto& number) {
                           return number.param == SIGTERM ? "sigterm"
                                                          : "sigint";
                         });

TEST_F(stop, answers_503_what_is_not_done_when_the_time_is_over) {
  start("drain_timeout: 300ms\n");
  put_one_in_flight(R"({"silent":true})");
  node->signal(SIGTERM);
  const auto got = waiting->read();
  expect_problem(got, 503, "draining");
  EXPECT_EQ(got.header("retry-after"), "1");
  EXPECT_EQ(node->wait(), 70);
  EXPECT_THAT(node->output(), HasSubstr("drain timed out"));
}

TEST_F(stop, refuses_an_event_of_which_only_a_part_had_come) {
  start();
  put_one_in_flight(R"({"latency_ms":1500})");
  const auto text = signed_request(R"({"two":"parts"})");
  raw_client slow{port};
  slow.write(text.substr(0, text.size() - 5));
  node->signal(SIGTERM);
  ASSERT_TRUE(wait_until([this] { return is_draining(); }));
  slow.write(text.substr(text.size() - 5));
  expect_problem(slow.read(), 503, "draining");
  EXPECT_EQ(waiting->read().status, 202);
  EXPECT_EQ(node->wait(), 0);
  EXPECT_EQ(server->count(), 1u);
}

/// Senders with a connection for each event, one after the other, until nobody
/// takes them in any more. How many of those that were let in got no answer.
int unanswered_of_many(std::uint16_t port) {
  std::atomic<int> unanswered{0};
  std::vector<std::jthread> senders;
  for (int i = 0; i < 4; ++i)
    senders.emplace_back([port, &unanswered] {
      using boost::asio::ip::tcp;
      const tcp::endpoint node{boost::asio::ip::address_v4::loopback(), port};
      const auto request = signed_request("1");
      for (;;) {
        boost::asio::io_context io;
        tcp::socket socket{io};
        boost::system::error_code failed;
        if (socket.connect(node, failed))
          return;
        boost::asio::write(socket, boost::asio::buffer(request), failed);
        std::array<char, 12> first{}; // of the status line
        boost::asio::read(socket, boost::asio::buffer(first), failed);
        unanswered += failed.failed();
      }
    });
  senders.clear();
  return unanswered;
}

TEST_F(stop, answers_all_who_were_let_in) {
  start();
  auto unanswered = std::async(std::launch::async,
                               [this] { return unanswered_of_many(port); });
  ASSERT_TRUE(wait_until([this] { return server->count() > 100; }));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0);
  EXPECT_EQ(unanswered.get(), 0);
}

TEST_F(stop, does_not_let_wait_who_asks_for_a_reload) {
  start();
  put_one_in_flight(R"({"latency_ms":2000})");
  node->signal(SIGTERM);
  ASSERT_TRUE(wait_until([this] { return is_draining(); }));
  const auto got = ask_admin("POST", "/api/v1/reload");
  EXPECT_EQ(got.status, 503);
  EXPECT_THAT(got.body, HasSubstr("The node stops."));
  EXPECT_EQ(waiting->read().status, 202);
  EXPECT_EQ(node->wait(), 0);
}

TEST_F(stop, ends_at_once_when_asked_twice) {
  expected_error = "node ended by a second signal";
  start("drain_timeout: 60s\n");
  put_one_in_flight(R"({"silent":true})");
  node->signal(SIGTERM);
  ASSERT_TRUE(wait_until([this] { return is_draining(); }));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(milliseconds{5000}), 128 + SIGTERM);
  const auto line = node->wait_for_line(expected_error);
  ASSERT_TRUE(line);
  const auto last = nlohmann::json::parse(*line);
  EXPECT_EQ(last["level"], "error");
  EXPECT_EQ(last["signal"], "SIGTERM");
  EXPECT_EQ(last["in_flight"], 1);
  EXPECT_EQ(last["acknowledged"], 0) << "its sender waits";
}

TEST_F(stop, frees_its_ports_for_the_next_node) {
  start();
  const auto old_port = port;
  raw_client kept{port}; // leaves the port in TIME_WAIT
  EXPECT_EQ(kept.ask("POST", "/webhook", "1", signed_fields("1")).status, 202);
  node->signal(SIGTERM);
  ASSERT_EQ(node->wait(), 0);
  const auto path = folder.write(
      "again.yaml", "server_url: " + server->url() +
                        "\nwebhook_path: /webhook\nwebhook_secret: x\n"
                        "listen: 127.0.0.1:" +
                        std::to_string(old_port) +
                        "\nadmin_listen: 127.0.0.1:0\n");
  child_process next{{binary, "run", "--config", path}};
  EXPECT_TRUE(next.wait_for_line("node ready")) << next.errors();
  next.signal(SIGTERM);
  EXPECT_EQ(next.wait(), 0);
}

} // namespace
} // namespace mfo::integration
