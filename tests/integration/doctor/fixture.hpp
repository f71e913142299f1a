#pragma once

#include "devserver/server.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::integration {

/// `mfo-node doctor` as a process of its own, with a stand-in server in this
/// one that asks for a token. What a test writes into `more` is added to a
/// configuration in which all is good.
class a_doctor : public testing::Test {
protected:
  static constexpr auto binary = MFO_NODE_BINARY;
  static constexpr auto token = "0f3a9c0b7d5e4a1c-of-the-server";
  static constexpr auto secret = "0f3a9c0b7d5e4a1c-of-the-hook";

  using variables = support::child_process::variables;

  void SetUp() override;

  /// The configuration as a file, in which the listeners are the test's own.
  std::string configure() const;

  /// The findings of these checks, each as an object of the document.
  std::vector<nlohmann::json> ask(const std::string& checks,
                                  std::vector<std::string> more_words = {},
                                  const variables& more = {});

  /// The only finding about `subject` among those of the check, or null.
  nlohmann::json ask_about(const std::string& check, const std::string& subject,
                           const variables& more = {});

  /// Starts the node of the configuration, and waits until it is ready.
  void start_node();
  void stop_node();

  [[nodiscard]] static variables environment(const variables& more);

  support::temporary_folder folder;
  std::unique_ptr<devserver::server> server;
  std::unique_ptr<support::child_process> node;
  support::reserved_port port;
  support::reserved_port admin_port;

  std::string name = "node-1";
  std::string server_lines; ///< of the server; default: a good one
  std::string endpoint = "{id: hook, path: /hook, signature: {scheme: hmac, "
                         "secret: \"${HOOK_SECRET}\"}}";
  std::string more; ///< lines
  int status = -1;  ///< the last exit status
};

/// A finding has this verdict; what it says is shown where it has not.
MATCHER_P(has_verdict, wanted, "") {
  *result_listener << arg.dump();
  return arg.is_object() && arg.value("verdict", "") == wanted;
}

/// Its text or remedy has these words.
MATCHER_P(tells, words, "") {
  *result_listener << arg.dump();
  return (arg.value("text", "") + '\n' + arg.value("remedy", "")).find(words) !=
         std::string::npos;
}

} // namespace mfo::integration
