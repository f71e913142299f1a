#pragma once

#include "devserver/server.hpp"
#include "tests/devserver/raw_client.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/exposition.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/signatures.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::integration {

using devserver::answer;
using devserver::field_list;
using devserver::raw_client;
using support::child_process;
using support::patience;
using support::sum_of;
using support::wait_until;

/// The path of the program under test.
inline constexpr auto binary = MFO_NODE_BINARY;

/// Looks for itself where it must not be: in logs, in error messages.
inline constexpr std::string_view secret = "marker-of-the-webhook-secret";

/// What a sender adds to a body: its type and its signature.
field_list signed_fields(std::string_view body, std::string_view with = secret,
                         const std::string& header = "X-Signature");

/// The whole message, for a test that sends now and reads later.
std::string signed_request(std::string_view body,
                           std::string_view path = "/webhook");

/// The `event_id` of an answer; a failure of the test if it has none.
std::string event_id(const answer& got);

/// The payload as it stands in a recorded event, byte for byte.
std::string payload_of(const devserver::event_ptr& event);

/// A refusal as the contract has it: problem+json with status and event id.
void expect_problem(const answer& got, int status, std::string_view slug);

/// received = delivered + refused + dead-lettered + handed over + in flight.
void expect_balance(const std::string& exposition);

/// The real program between a stand-in server, in this process, and a sender.
/// After each test the node's books must balance with nothing left in flight,
/// it must stop with 0 when told to, and have logged nothing but JSON lines,
/// none of them an error.
class running_node : public testing::Test {
protected:
  void SetUp() override {
    serve();
  }
  void TearDown() override;

  /// Starts a stand-in in the place of the former, and on its port.
  void serve(devserver::options settings = {});

  /// Starts the node and waits until it is ready. `extra` is added to a
  /// configuration with one hmac endpoint at /webhook.
  void start(std::string_view extra = {},
             const std::vector<std::string>& arguments = {});

  /// The same, with all of the configuration but the listeners.
  void start_with(std::string_view configuration,
                  const std::vector<std::string>& arguments = {});

  /// Writes the configuration as `start_with` does, in the place of the one
  /// that the node was started with or under another name; gives its path.
  std::string configure(std::string_view configuration,
                        std::string_view name = "node.yaml");

  /// Posts a signed event on a connection of its own.
  answer post(std::string_view body, const field_list& more = {});

  answer ask_admin(std::string_view method, std::string_view target,
                   std::string_view body = {});
  std::string metrics();
  /// Whether that many events are in flight, sooner or later.
  bool comes_to_hold(double events);
  void set_faults(std::string_view json);
  [[nodiscard]] bool alive();

  support::temporary_folder folder;
  std::unique_ptr<devserver::server> server;
  std::string server_url; ///< where the node is to deliver to
  /// Settings of that server, e.g. "max_in_flight: 1"; set before `start`.
  std::string server_options;
  /// Where the node is to listen; set before `start`.
  std::string listen = "127.0.0.1:0";
  std::string admin_listen = "127.0.0.1:0"; ///< likewise
  std::unique_ptr<child_process> node;
  std::uint16_t port = 0;
  std::uint16_t admin_port = 0;
  bool json_lines = true;     ///< false: the test asked for text
  std::string expected_error; ///< of a line of the log that may be there

private:
  void expect_nothing_left();
  void expect_good_log();

  support::reserved_port server_port_;
};

} // namespace mfo::integration
