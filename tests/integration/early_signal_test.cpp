// Signals that come before a node is one.

#include "tests/integration/fixture.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace mfo::integration {

namespace {

using testing::HasSubstr;
using testing::Not;

/// It waits for its configuration, which is yet to come from a FIFO.
class early_signal : public running_node {
protected:
  void start_and_withhold_the_configuration() {
    std::ifstream file{
        configure("webhook_path: /webhook\nwebhook_secret: s\n", "ready.yaml")};
    configuration.assign(std::istreambuf_iterator<char>{file}, {});
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    node = std::make_unique<child_process>(
        std::vector<std::string>{binary, "run", "--config", fifo});
    // It can be opened so as soon as somebody reads from it.
    ASSERT_TRUE(wait_until([this] {
      writer = ::open(fifo.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      return writer >= 0;
    }));
  }

  /// A reload finds it as a file.
  void give_the_configuration() {
    std::filesystem::rename(folder / "ready.yaml", fifo);
    ASSERT_EQ(::write(writer, configuration.data(), configuration.size()),
              static_cast<ssize_t>(configuration.size()));
    close_writer();
  }

  void close_writer() {
    if (writer >= 0)
      ::close(writer);
    writer = -1;
  }

  void TearDown() override {
    close_writer();
    running_node::TearDown();
  }

  const std::string fifo = folder / "node.yaml";
  std::string configuration;
  int writer = -1;
};

TEST_F(early_signal, to_hang_up_is_heard_once_the_node_is_ready) {
  start_and_withhold_the_configuration();
  node->signal(SIGHUP);
  give_the_configuration();
  EXPECT_TRUE(node->wait_for_line("node ready")) << node->errors();
  EXPECT_TRUE(node->wait_for_line("configuration reloaded"));
}

class early_signal_to_stop : public early_signal,
                             public testing::WithParamInterface<int> {};

TEST_P(early_signal_to_stop, ends_it_with_0_as_it_holds_nothing) {
  start_and_withhold_the_configuration();
  node->signal(GetParam());
  EXPECT_EQ(node->wait(), 0);
  EXPECT_THAT(node->output(), Not(HasSubstr("node ready")));
}

INSTANTIATE_TEST_SUITE_P(signal, early_signal_to_stop,
                         testing::Values(SIGTERM, SIGINT),
                         [](const auto& number) {
                           return number.param == SIGTERM ? "sigterm"
                                                          : "sigint";
                         });

/// Only a node waits for one who hears it.
TEST(another_command, ends_on_a_hang_up) {
  child_process server{{binary, "dev-server", "--listen", "127.0.0.1:0"}};
  ASSERT_TRUE(server.wait_for_line("listening on"));
  server.signal(SIGHUP);
  EXPECT_EQ(server.wait(), -SIGHUP);
}

} // namespace

} // namespace mfo::integration
