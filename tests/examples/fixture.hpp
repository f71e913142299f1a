#pragma once

#include "devserver/server.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::examples {

using nlohmann::json;
using support::child_process;
using support::wait_until;

/// The path of the program under test.
inline constexpr auto binary = MFO_NODE_BINARY;

/// The folders of examples/workflows.
const std::vector<std::string>& names();

[[nodiscard]] std::string text_of(const std::string& path);

/// How a command ended.
struct ending {
  int status = -1;
  std::string output;
  std::string errors;

  /// Of a command that printed nothing else.
  [[nodiscard]] json result() const;
};

/// A copy of examples/workflows, with a stand-in server in this process that
/// has the replies of all of them. Ports are those of the test.
class the_examples : public testing::Test {
protected:
  the_examples();
  /// Ends the server first, which notes its calls here.
  ~the_examples() override {
    server.reset();
  }

  /// The path of a file of the examples.
  [[nodiscard]] std::string file(const std::string& name) const;
  [[nodiscard]] std::string configuration() const {
    return file("node.yaml");
  }

  /// Runs `mfo-node` with the variables of the examples, and waits for its end.
  [[nodiscard]] ending command(std::vector<std::string> words) const;

  /// The same, for a command that is to succeed: what it printed.
  [[nodiscard]] json good(std::vector<std::string> words) const;

  /// Payloads of the events of a type that have arrived, in their order.
  [[nodiscard]] std::vector<json> events(std::string_view type) const;

  /// What a tool was called with, in the order of the calls.
  [[nodiscard]] std::vector<json> calls_of(std::string_view tool);

  /// What is kept under a key of the server's memory.
  [[nodiscard]] json memory(const std::string& key) const;

  child_process::variables variables;
  support::reserved_port listen;
  support::reserved_port admin;
  std::unique_ptr<devserver::server> server;

private:
  struct call {
    std::string path;
    std::string body;
  };

  void serve();
  void set_variables();
  void use_own_ports();

  support::temporary_folder folder_;
  std::mutex mutex_;
  std::vector<call> calls_; ///< guarded by mutex_
};

} // namespace mfo::examples
