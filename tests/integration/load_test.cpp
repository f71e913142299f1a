#include "http/beast_client.hpp"
#include "tests/integration/fixture.hpp"
#include "tests/support/paced_sender.hpp"

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace mfo::integration {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::paced_sender;

/// How long the server is gone.
constexpr seconds outage{3};

/// Above what the node takes in at once, so that it has to refuse.
constexpr std::size_t senders = 1500;

#ifdef MFO_SANITIZED
constexpr std::size_t most_memory_kib = 1024 * 1024; // quarantine, shadows
#else
constexpr std::size_t most_memory_kib = 300 * 1024;
#endif

/// MFO_LOAD_RATE=2000 MFO_LOAD_SECONDS=20 is the long form.
unsigned long from_environment(const char* name, unsigned long usual) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::strtoul(value, nullptr, 10) : usual;
}

/// A line of /proc/PID/status, in KiB.
std::size_t memory_of(pid_t pid, std::string_view key) {
  std::ifstream status{fmt::format("/proc/{}/status", pid)};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key))
      return std::strtoul(line.c_str() + key.size() + 1, nullptr, 10);
  ADD_FAILURE() << "no " << key << " of process " << pid;
  return 0;
}

/// The node between a sender that never waits and a server that is killed.
class load : public running_node {
protected:
  void SetUp() override {
    // Two sockets an event in flight, and children inherit the limit.
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    start_server("127.0.0.1:0");
    const auto line = victim->wait_for_line("listening on ");
    ASSERT_TRUE(line) << victim->errors();
    server_url = line->substr(line->find("http://"));
  }

  void start_server(const std::string& address) {
    victim = std::make_unique<child_process>(
        std::vector<std::string>{binary, "dev-server", "--quiet", "--listen",
                                 address, "--record", folder / "ids"});
  }

  /// Kills the server `when` from now, and starts it again after the outage.
  void plan_outage(milliseconds when) {
    timer.emplace(io, when);
    timer->async_wait([this](auto) {
      victim->signal(SIGKILL);
      EXPECT_EQ(victim->wait(), -SIGKILL);
      killed_at = paced_sender::clock::now();
      timer->expires_after(outage);
      timer->async_wait([this](auto) {
        start_server(server_url.substr(server_url.find("127.")));
        back_at = paced_sender::clock::now();
      });
    });
  }

  /// Looks at the metrics again and again while the events are on their way.
  void watch_books() {
    watcher = std::jthread{[this](const std::stop_token& stop) {
      std::mutex pace;
      while (!stop.stop_requested()) {
        expect_balance(metrics());
        ++scrapes;
        std::unique_lock lock{pace};
        std::condition_variable_any{}.wait_for(lock, stop, milliseconds{20},
                                               [] { return false; });
      }
    }};
  }

  /// How often each id is in the server's record.
  [[nodiscard]] std::unordered_map<std::string, std::size_t> recorded() const {
    std::unordered_map<std::string, std::size_t> times;
    std::ifstream file{folder / "ids"};
    for (std::string id; std::getline(file, id);)
      ++times[id];
    return times;
  }

  http::client_request request() const {
    const auto body =
        fmt::format(R"({{"filler":"{}"}})", std::string(1000, 'x'));
    http::client_request made;
    made.target = "/webhook";
    for (const auto& [name, value] : signed_fields(body))
      made.headers.add(name, value);
    made.body = std::make_shared<const std::string>(body);
    made.timeout = seconds{60};
    return made;
  }

  std::unique_ptr<child_process> victim;
  boost::asio::io_context io{1};
  std::optional<boost::asio::steady_timer> timer; // before `io` goes
  paced_sender::clock::time_point killed_at;
  paced_sender::clock::time_point back_at;
  std::jthread watcher;
  std::size_t scrapes = 0;
};

TEST_F(load, loses_nothing_acknowledged_when_the_server_is_killed) {
  const auto rate = from_environment("MFO_LOAD_RATE", 1000);
  const seconds duration{from_environment("MFO_LOAD_SECONDS", 6)};
  // The circuit opens, and must close again within the test.
  server_options = "breaker: {open_for: 200ms}";
  start("limits: {max_in_flight: 1024, max_connections: 2048}\n");
  const auto memory_before = memory_of(node->pid(), "VmRSS:");

  http::client_config settings;
  settings.server.host = "127.0.0.1";
  settings.server.port = port;
  settings.max_connections = senders;
  settings.max_waiting = rate * static_cast<std::size_t>(duration.count());
  auto client = http::make_beast_client(io, settings);
  ASSERT_TRUE(client) << client.error();
  paced_sender sender{io, **client, request(), static_cast<double>(rate),
                      duration};
  sender.start([&] { (*client)->close(); });
  plan_outage(duration_cast<milliseconds>(duration) / 4);
  watch_books();
  io.run();
  watcher.request_stop();
  watcher.join();

  const auto& result = sender.result();
  const auto times = recorded();
  std::size_t lost = 0;
  std::size_t twice = 0;
  for (const auto& [id, count] : times)
    twice += count > 1 ? 1 : 0;
  for (const auto& each : result.accepted)
    lost += times.contains(each.event_id) ? 0 : 1;
  const auto accepted_when = [&](auto test) {
    return std::ranges::count_if(
        result.accepted, [&](const auto& each) { return test(each.when); });
  };
  const auto memory_peak = memory_of(node->pid(), "VmHWM:");
  auto report = fmt::format("sent {} in {} s, answered 2xx {}", result.sent,
                            duration.count(), result.accepted.size());
  for (const auto& [outcome, count] : result.others)
    report += fmt::format(", {} {}", outcome, count);
  report += fmt::format("; lost {}, at the server more than once {}; resident "
                        "memory {} KiB before, {} at most, {} after",
                        lost, twice, memory_before, memory_peak,
                        memory_of(node->pid(), "VmRSS:"));
  std::cout << report << '\n';

  EXPECT_GT(scrapes, 10u);
  EXPECT_EQ(lost, 0u);
  EXPECT_LT(memory_peak, most_memory_kib);
  EXPECT_GT(accepted_when([&](auto when) { return when < killed_at; }), 0);
  EXPECT_GT(accepted_when([&](auto when) { return when > back_at; }), 0);
  EXPECT_EQ(result.sent, rate * static_cast<std::size_t>(duration.count()));
}

} // namespace
} // namespace mfo::integration
