#pragma once

#include "node/command.hpp"

#include "config/settings.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What `mfo-node sign` and `mfo-node send` share: how a body is signed, as an
/// endpoint of a configuration has it or as options say.
namespace mfo::node {

struct signing_arguments {
  std::string config;
  std::string endpoint; ///< empty: the first
  std::string scheme = "hmac";
  std::string secret_env = "WEBHOOK_SECRET";
  std::string secret_file;
};

void add_signing_options(CLI::App& command, signing_arguments& given);

struct signing {
  config::signature_settings signature;
  std::string url; ///< of the configuration's endpoint; empty without one
};

tl::expected<signing, command_failure>
resolve_signing(const signing_arguments& given);

/// Content-Type and the signature, in this order.
std::vector<std::pair<std::string, std::string>>
signed_headers(const config::signature_settings& signature,
               std::string_view body);

} // namespace mfo::node
