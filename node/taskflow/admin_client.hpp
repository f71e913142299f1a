#pragma once

#include "node/command.hpp"

#include "config/tls_settings.hpp"
#include "http/client.hpp"
#include "http/origin.hpp"

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// What the commands share that ask a running node, by its admin listener.
namespace mfo::node {

struct admin_arguments {
  std::string config;
  std::string url; ///< empty: as the configuration or the default has it
  std::string token_env = "MFO_ADMIN_TOKEN";
  bool needs_token_env = false; ///< it was named, so it must be set
  std::string token_file;
  config::tls_settings tls;
  std::string format = "text";
  double timeout = 10; ///< seconds

  [[nodiscard]] bool wants_json() const noexcept {
    return format == "json";
  }
};

/// --config, --admin, --json and so on. `given` must outlive the command.
void add_admin_options(CLI::App& command, admin_arguments& given);

/// Asks one admin listener. What it does not want to do is a failure, with its
/// reason as the listener gives it.
class admin_client {
public:
  static tl::expected<admin_client, command_failure>
  open(const admin_arguments& given);

  /// The body of a 2xx. `target`: path and query, encoded. `longest` is how
  /// long the answer may take.
  tl::expected<nlohmann::json, command_failure>
  ask(std::string_view method, std::string target, const std::string& body,
      std::chrono::milliseconds longest) const;

  tl::expected<nlohmann::json, command_failure> get(std::string target) const;

  /// The same of what need not be there: null where the answer is 404.
  tl::expected<nlohmann::json, command_failure> find(std::string target) const;

  /// The body of `GET /health`, whatever it says.
  tl::expected<nlohmann::json, command_failure> health() const;

  tl::expected<nlohmann::json, command_failure>
  post(std::string target, const std::string& body) const;

private:
  [[nodiscard]] tl::expected<http::client_response, command_failure>
  send(std::string_view method, std::string target, const std::string& body,
       std::chrono::milliseconds longest) const;
  [[nodiscard]] tl::expected<nlohmann::json, command_failure>
  read(const std::string& request, const http::client_response& from) const;

  /// As the reply of a listener that does not want to says it.
  [[nodiscard]] tl::unexpected<command_failure>
  refused(const http::client_response& reply) const;

  /// A token, and what it was found in.
  struct found_token {
    std::string text; ///< empty: none is sent
    std::string source;
  };

  static tl::expected<found_token, command_failure>
  find_token(const admin_arguments& given);

  admin_client(http::origin where, found_token token, config::tls_settings tls,
               std::chrono::milliseconds timeout);

  http::origin where_;
  found_token token_;
  config::tls_settings tls_;
  std::chrono::milliseconds timeout_;
};

/// A name as a part of a target's path, or of its query.
[[nodiscard]] std::string encoded(std::string_view text);

/// JSON for people and programs: indented, with a line break at its end.
void print_json(const nlohmann::json& value);

/// For options of CLI11 that are part of a path: why it is none; "".
[[nodiscard]] std::string not_empty(const std::string& text);

} // namespace mfo::node
