// Whatever servers do, every request is answered exactly once.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;

/// MFO_TEST_SEED repeats a run.
unsigned seed() {
  const char* given = std::getenv("MFO_TEST_SEED");
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
               : std::random_device{}();
}

/// Treats each request in one of the ways in which servers fail.
void misbehave(server_peer& peer, std::mt19937 random) {
  while (peer.read_request()) {
    switch (random() % 10) {
    case 0:
      return peer.reset();
    case 1:
      return;
    case 2:
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort");
      return;
    case 3:
      peer.write("HTTP/1.1 2");
      return peer.reset();
    case 4:
      peer.write("nonsense\r\n\r\n");
      break;
    case 5:
      return peer.wait_for_close(); // silent until the time-out
    case 6:
      peer.write(reply_of("ok") + "surplus");
      break;
    case 7:
      peer.write(reply_of("ok"));
      return; // closed while idle, perhaps under the next request
    default:
      peer.write(reply_of("ok"));
    }
  }
}

TEST(client_faults, leave_every_request_answered_exactly_once) {
  const auto first_seed = seed();
  SCOPED_TRACE("MFO_TEST_SEED=" + std::to_string(first_seed));
  std::cout << "MFO_TEST_SEED=" << first_seed << '\n';
  script_server server{[&](server_peer& peer, int number) {
    misbehave(peer, std::mt19937{first_seed + static_cast<unsigned>(number)});
  }};
  constexpr std::size_t count = 600;
  std::vector<std::atomic<int>> answers(count);
  std::atomic<std::size_t> answered{0};
  std::atomic<std::size_t> good{0};
  {
    client_runner runner;
    auto config = config_for(server.port());
    config.max_connections = 6;
    config.idle_timeout = 20ms;
    auto client = runner.make(config);
    std::mt19937 random{first_seed};
    for (std::size_t i = 0; i < count; ++i) {
      auto request = post(std::string(random() % 5'000, 'x'));
      // Most of them impatient; on a busy machine, nothing might be good.
      request.timeout = milliseconds{i % 16 == 0 ? 2'000 : 1 + random() % 200};
      client->send(std::move(request), [&, i](const client_result& result) {
        ++answers[i];
        ++answered;
        if (result)
          ++good;
      });
      if (random() % 8 == 0)
        std::this_thread::yield();
    }
    EXPECT_TRUE(eventually([&] { return answered >= count / 2 && good > 0; }));
    client->close();
    EXPECT_TRUE(eventually([&] { return answered >= count; }));
  }
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_EQ(answers[i], 1) << "request " << i;
  EXPECT_GT(good, 0u);
}

} // namespace
} // namespace mfo::http
