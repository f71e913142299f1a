#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mfo::support {

/// A RabbitMQ of a test's own, on loopback, with a port mapper (epmd) of its
/// own beside it, which RabbitMQ would start and leave behind otherwise. Takes
/// 5 to 20 s to start. Both end with the test, however the test ends.
class rabbitmq_process {
public:
  rabbitmq_process() {
    folder_.write("plugins", "[].");
    folder_.write("rabbitmq.conf", "disk_free_limit.absolute = 1MB\n");
    std::filesystem::create_directory(folder_ / "home");
    mapper_ = std::make_unique<child_process>(
        die_with_us({"/usr/bin/epmd", "-port",
                     std::to_string(mapper_port_.number()), "-address",
                     "127.0.0.1"}),
        variables());
    start();
  }

  /// kill -9 of the broker.
  void kill() {
    broker_.reset();
  }

  /// Again, on the same port and with the same data.
  void start() {
    broker_ = std::make_unique<child_process>(
        die_with_us({"/usr/lib/rabbitmq/bin/rabbitmq-server"}), variables());
    if (!broker_->wait_for_line("completed with", std::chrono::seconds{90}))
      ADD_FAILURE() << "RabbitMQ did not start: " << broker_->output()
                    << broker_->errors();
  }

  /// Runs `rabbitmqctl`; whether it went well.
  bool control(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"/usr/lib/rabbitmq/bin/rabbitmqctl", "-n", node()});
    child_process process{die_with_us(std::move(arguments)), variables()};
    const auto status = process.wait(std::chrono::seconds{60});
    if (status != 0)
      ADD_FAILURE() << process.output() << process.errors();
    return status == 0;
  }

  [[nodiscard]] std::uint16_t port() const noexcept {
    return port_.number();
  }

private:
  static std::vector<std::string>
  die_with_us(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"/usr/bin/setpriv", "--pdeathsig", "KILL"});
    return arguments;
  }

  static std::string node() {
    return "mfo" + std::to_string(::getpid()) + "@localhost";
  }

  [[nodiscard]] child_process::variables variables() const {
    return {
        {"HOME", folder_ / "home"},
        {"ERL_EPMD_PORT", std::to_string(mapper_port_.number())},
        {"ERL_EPMD_ADDRESS", "127.0.0.1"},
        {"RABBITMQ_NODENAME", node()},
        {"RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"},
        {"RABBITMQ_NODE_PORT", std::to_string(port())},
        {"RABBITMQ_DIST_PORT", std::to_string(node_port_.number())},
        {"RABBITMQ_MNESIA_BASE", folder_ / "mnesia"},
        {"RABBITMQ_LOG_BASE", folder_ / "log"},
        {"RABBITMQ_LOGS", "-"},
        {"RABBITMQ_CONF_ENV_FILE", folder_ / "none"},
        {"RABBITMQ_CONFIG_FILE", folder_ / "rabbitmq.conf"},
        {"RABBITMQ_ENABLED_PLUGINS_FILE", folder_ / "plugins"},
        // Its script then becomes the broker and is not its parent.
        {"RUNNING_UNDER_SYSTEMD", "true"},
        {"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
         "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none"},
    };
  }

  reserved_port port_;
  reserved_port mapper_port_;
  reserved_port node_port_;
  temporary_folder folder_;
  std::unique_ptr<child_process> mapper_;
  std::unique_ptr<child_process> broker_;
};

} // namespace mfo::support
