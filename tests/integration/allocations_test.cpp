#include "http/beast_client.hpp"
#include "tests/integration/reload_fixture.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <functional>

namespace mfo::integration {
namespace {

#ifdef MFO_SANITIZED
constexpr bool counts = false; // a sanitizer's own malloc comes first
#else
constexpr bool counts = true;
#endif

/// All that the node asks malloc for from an event's first byte to the answer's
/// last: docs/benchmarks.md has them stage by stage.
constexpr double most_for_an_event = 25;

constexpr std::size_t senders = 16;

/// A node that has what it asks for counted.
class allocations : public a_reload {
protected:
  void SetUp() override {
    if (!counts)
      GTEST_SKIP() << "a sanitizer's malloc is not counted";
    a_reload::SetUp();
    std::ofstream{folder / "count"} << std::string(sizeof(std::uint64_t), '\0');
    ::setenv("MFO_ALLOCATION_COUNT", (folder / "count").c_str(), 1);
    ::setenv("LD_PRELOAD", MFO_ALLOCATION_COUNTER, 1);
    start();
    // A line for each event costs some, too.
    reload_with("log: {level: warn}\n" + endpoint());
    ::unsetenv("LD_PRELOAD");
    ::unsetenv("MFO_ALLOCATION_COUNT");
  }

  [[nodiscard]] std::uint64_t counted() const {
    std::uint64_t number = 0;
    std::ifstream{folder / "count", std::ios::binary}.read(
        reinterpret_cast<char*>(&number), sizeof number);
    return number;
  }

  [[nodiscard]] http::client_request request() const {
    const auto body =
        fmt::format(R"({{"filler":"{}"}})", std::string(1000, 'x'));
    http::client_request made;
    made.target = "/webhook";
    for (const auto& [name, value] : signed_fields(body))
      made.headers.add(name, value);
    made.body = std::make_shared<const std::string>(body);
    return made;
  }

  /// So many events, each sender's after the one before it is answered.
  void send(std::size_t events) {
    boost::asio::io_context io{1};
    http::client_config settings;
    settings.server.host = "127.0.0.1";
    settings.server.port = port;
    settings.max_connections = senders;
    const auto client = http::make_beast_client(io, settings);
    ASSERT_TRUE(client) << client.error();
    std::size_t accepted = 0;
    std::size_t left = events;
    const std::function<void()> next = [&] {
      if (left == 0)
        return;
      --left;
      (*client)->send(request(), [&](const http::client_result& result) {
        if (result && result->status == 202)
          ++accepted;
        next();
      });
    };
    for (std::size_t i = 0; i < senders; ++i)
      next();
    // Until nothing is left to be done but keeping connections.
    while (accepted < events && io.run_one() > 0) {
    }
    (*client)->close();
    io.run();
    ASSERT_EQ(accepted, events);
  }
};

TEST_F(allocations, of_a_forwarded_event_are_few) {
  constexpr std::size_t events = 10'000;
  // Whatever grows has grown: books are full, connections are open.
  send(events);
  const auto before = counted();
  send(events);
  const auto each = static_cast<double>(counted() - before) / events;
  std::cout << "allocations for an event: " << each << '\n';
  EXPECT_GT(each, 1) << "nothing was counted";
  EXPECT_LE(each, most_for_an_event);
}

} // namespace
} // namespace mfo::integration
