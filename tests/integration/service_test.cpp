#include "tests/integration/fixture.hpp"

#include "tests/support/notify_socket.hpp"

#include <csignal>
#include <cstdlib>

namespace mfo::integration {
namespace {

using testing::StartsWith;

/// A node that systemd has started with `Type=notify`.
class service : public running_node {
protected:
  ~service() override {
    ::unsetenv("WATCHDOG_USEC");
  }

  support::notify_socket systemd;
};

TEST_F(service, says_that_it_is_ready_and_where) {
  start();
  EXPECT_EQ(systemd.read(), "READY=1\nSTATUS=Takes events on 127.0.0.1:" +
                                std::to_string(port));
}

TEST_F(service, says_when_it_reloads_and_when_it_has) {
  start();
  EXPECT_THAT(systemd.read(), StartsWith("READY=1"));
  node->signal(SIGHUP);
  EXPECT_THAT(systemd.read(), StartsWith("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_THAT(systemd.read(), StartsWith("READY=1"));
}

TEST_F(service, says_that_it_stops_before_it_has_stopped) {
  start();
  node->signal(SIGTERM);
  EXPECT_THAT(systemd.read_until("STOPPING=1"),
              StartsWith("STOPPING=1\nSTATUS=Stops: SIGTERM"));
  EXPECT_EQ(node->wait(), 0);
}

TEST_F(service, tells_the_watchdog_again_and_again_that_it_lives) {
  ::setenv("WATCHDOG_USEC", "400000", 1);
  start();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(systemd.read_until("WATCHDOG=1"), "WATCHDOG=1");
}

} // namespace
} // namespace mfo::integration
