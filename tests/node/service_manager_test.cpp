#include "node/service_manager.hpp"

#include "tests/support/notify_socket.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::node {
namespace {

using support::notify_socket;
using testing::MatchesRegex;
using namespace std::chrono_literals;

/// As systemd sets it for the process that it starts.
class watchdog_of {
public:
  explicit watchdog_of(std::chrono::microseconds granted,
                       std::optional<pid_t> process = std::nullopt)
    : watchdog_of(std::to_string(granted.count()),
                  process ? std::optional{std::to_string(*process)}
                          : std::nullopt) {}

  /// As somebody else may set it.
  explicit watchdog_of(const std::string& granted,
                       const std::optional<std::string>& process) {
    ::setenv("WATCHDOG_USEC", granted.c_str(), 1);
    if (process)
      ::setenv("WATCHDOG_PID", process->c_str(), 1);
  }

  ~watchdog_of() {
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
  }

  watchdog_of(const watchdog_of&) = delete;
  watchdog_of& operator=(const watchdog_of&) = delete;
};

/// A thread that does what is posted when the test says so.
class held_thread {
public:
  service_manager::post_function post() {
    return [this](std::function<void()> task) {
      tasks_.push_back(std::move(task));
    };
  }

  void work() {
    for (const auto& each : std::exchange(tasks_, {}))
      each();
  }

private:
  std::vector<std::function<void()>> tasks_;
};

/// The number that the next descriptor of this process has.
int next_descriptor() {
  const int next = ::dup(STDERR_FILENO);
  ::close(next);
  return next;
}

TEST(service_manager, says_that_the_node_is_ready) {
  const notify_socket systemd;
  service_manager{}.ready("Takes events on 127.0.0.1:8088");
  EXPECT_EQ(systemd.read(), "READY=1\nSTATUS=Takes events on 127.0.0.1:8088");
}

TEST(service_manager, says_when_a_reload_began_by_the_clock_of_systemd) {
  const notify_socket systemd;
  service_manager{}.reloading();
  EXPECT_THAT(systemd.read(),
              MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=.+"));
}

TEST(service_manager, says_that_the_node_stops_and_why) {
  const notify_socket systemd;
  service_manager{}.stopping("Stops: SIGTERM");
  EXPECT_EQ(systemd.read(), "STOPPING=1\nSTATUS=Stops: SIGTERM");
}

TEST(service_manager, lets_no_status_say_more_than_a_status) {
  const notify_socket systemd;
  service_manager{}.status("one\nMAINPID=1");
  EXPECT_EQ(systemd.read(), "STATUS=one?MAINPID=1");
}

TEST(service_manager, finds_a_socket_by_an_abstract_name) {
  const auto systemd = notify_socket::abstract();
  service_manager{}.status("here");
  EXPECT_EQ(systemd.read(), "STATUS=here");
}

TEST(service_manager, says_nothing_where_nobody_listens) {
  ::unsetenv("NOTIFY_SOCKET");
  service_manager{}.ready("nobody hears it");
}

TEST(service_manager, keeps_no_descriptor_whether_heard_or_not) {
  const auto before = next_descriptor();
  {
    const notify_socket systemd;
    const auto with_systemd = next_descriptor();
    service_manager{}.status("heard");
    EXPECT_EQ(next_descriptor(), with_systemd);
    ::setenv("NOTIFY_SOCKET", (systemd.name() + "-of-nobody").c_str(), 1);
    service_manager{}.status("not heard");
    EXPECT_EQ(next_descriptor(), with_systemd);
    EXPECT_EQ(systemd.read(), "STATUS=heard");
    EXPECT_TRUE(systemd.is_empty());
  }
  EXPECT_EQ(next_descriptor(), before);
}

TEST(service_manager, sends_nothing_to_what_is_no_address_of_a_socket) {
  const notify_socket systemd;
  const auto relative =
      std::filesystem::relative(systemd.name()).string(); // leads to it
  for (const auto& name :
       {std::string{}, std::string{"/"}, std::string{"@"}, relative,
        "unix:" + systemd.name(), std::string{"vsock:2:1234"}}) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    service_manager{}.status("nobody hears it");
    EXPECT_TRUE(systemd.is_empty()) << name;
  }
}

TEST(service_manager, cuts_no_name_that_is_too_long) {
  const auto systemd = notify_socket::abstract();
  ASSERT_EQ(systemd.name().size(), notify_socket::longest_name);
  for (const auto* more : {"x", "xx", "a name that is much too long"}) {
    ::setenv("NOTIFY_SOCKET", (systemd.name() + more).c_str(), 1);
    service_manager{}.status("nobody hears it");
    EXPECT_TRUE(systemd.is_empty()) << more;
  }
}

TEST(service_manager, has_no_beats_without_a_watchdog) {
  const notify_socket systemd;
  service_manager manager;
  EXPECT_EQ(manager.longest_wait(10s), 10s);
  manager.beat([](const std::function<void()>&) { ADD_FAILURE() << "posted"; });
  EXPECT_TRUE(systemd.is_empty());
}

TEST(service_manager, leaves_the_watchdog_of_another_process_alone) {
  const watchdog_of another{20s, ::getppid()};
  EXPECT_EQ(service_manager{}.longest_wait(10s), 10s);
}

TEST(service_manager, knows_no_watchdog_by_what_is_no_time) {
  for (const auto* granted :
       {"", "0", "-1", "20s", "20000000 ", " 20000000", "+20000000", "1e6",
        "0x10", "18446744073709551615", "99999999999999999999"}) {
    const watchdog_of its{granted, std::nullopt};
    EXPECT_EQ(service_manager{}.longest_wait(10s), 10s) << granted;
  }
}

TEST(service_manager, knows_no_watchdog_of_what_is_no_process) {
  const auto own = std::to_string(::getpid());
  for (const auto& process :
       {std::string{}, std::string{"0"}, "-" + own, own + "x", " " + own,
        std::string{"99999999999999999999"}}) {
    const watchdog_of its{"20000000", process};
    EXPECT_EQ(service_manager{}.longest_wait(10s), 10s) << process;
  }
}

TEST(service_manager, waits_for_a_quarter_of_what_the_watchdog_grants) {
  {
    const watchdog_of its{20s, ::getpid()};
    EXPECT_EQ(service_manager{}.longest_wait(10s), 5s);
  }
  const watchdog_of long_one{60s};
  EXPECT_EQ(service_manager{}.longest_wait(10s), 10s);
}

TEST(service_manager, beats_while_the_other_thread_works) {
  const notify_socket systemd;
  const watchdog_of its{20s};
  service_manager manager;
  held_thread other;
  manager.beat(other.post());
  EXPECT_TRUE(systemd.is_empty()) << "before anybody has shown that it lives";
  for (int i = 0; i < 3; ++i) {
    other.work();
    manager.beat(other.post());
    EXPECT_EQ(systemd.read(), "WATCHDOG=1");
  }
}

TEST(service_manager, does_not_beat_while_the_other_thread_hangs) {
  const notify_socket systemd;
  const watchdog_of its{20s};
  service_manager manager;
  held_thread other;
  for (int i = 0; i < 4; ++i)
    manager.beat(other.post());
  EXPECT_TRUE(systemd.is_empty());
  other.work();
  manager.beat(other.post());
  EXPECT_EQ(systemd.read(), "WATCHDOG=1");
  EXPECT_TRUE(systemd.is_empty()) << "more than one for what was late";
}

} // namespace
} // namespace mfo::node
