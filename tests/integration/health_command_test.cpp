#include "tests/integration/fixture.hpp"

#include <csignal>

namespace mfo::integration {
namespace {

using testing::HasSubstr;

/// `mfo-node health`, as containers run it.
class health_command : public running_node {
protected:
  struct result {
    std::optional<int> status;
    std::string out;
    std::string err;
  };

  [[nodiscard]] result ask(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{binary, "health", "--admin",
                                       "http://127.0.0.1:" +
                                           std::to_string(admin_port)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    child_process command{arguments};
    const auto status = command.wait();
    return {status, command.output(), command.errors()};
  }
};

TEST_F(health_command, succeeds_while_the_node_takes_events) {
  start();
  const auto got = ask();
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_EQ(got.out, "ready\n");
}

TEST_F(health_command, fails_while_the_node_drains_unless_life_is_enough) {
  start();
  set_faults(R"({"latency_ms":6000})"); // in which the command runs three times
  raw_client waiting{port};
  waiting.write(signed_request("1"));
  ASSERT_TRUE(comes_to_hold(1));
  node->signal(SIGTERM);
  ASSERT_TRUE(wait_until([this] { return ask().status == 1; }));
  EXPECT_THAT(ask().err, HasSubstr("the node answered 503: draining"));
  EXPECT_EQ(ask({"--live"}).out, "ok\n");
  EXPECT_EQ(waiting.read().status, 202);
  EXPECT_EQ(node->wait(), 0);
}

TEST_F(health_command, fails_where_nobody_answers) {
  const support::reserved_port nobody;
  admin_port = nobody.number();
  const auto got = ask({"--timeout", "0.5"});
  EXPECT_EQ(got.status, 1);
  EXPECT_THAT(got.err, HasSubstr("mfo-node health: "));
}

TEST_F(health_command, needs_no_token_for_what_a_probe_asks) {
  start("admin:\n  token: a-token-of-the-admin-listener\n");
  EXPECT_EQ(ask().status, 0);
  admin_port = 0; // where the fixture would ask without one, too
}

} // namespace
} // namespace mfo::integration
