#pragma once

#include "node/command.hpp"

#include "config/settings.hpp"
#include "core/header_fields.hpp"

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
  std::string endpoint; ///< or a trigger; empty: the first
  std::string scheme = "hmac";
  std::string header; ///< of hmac and token; empty: as in a configuration
  std::string secret_env = "WEBHOOK_SECRET";
  std::string secret_file;
};

void add_signing_options(CLI::App& command, signing_arguments& given);

struct signing {
  config::signature_settings signature;
  std::string url{}; ///< of the configuration's endpoint; empty without one
  std::string method = "POST"; ///< likewise, without one POST
  bool is_port_open = false;   ///< `listen` leaves it so: nobody is at `url`
};

/// Fails where a secret is missing, is of no use to the scheme, or signs
/// nothing (a public key).
tl::expected<signing, command_failure>
resolve_signing(const signing_arguments& given);

/// A request that is to be signed.
struct event_to_sign {
  std::string url{}; ///< with its query; of twilio, without `public_url`
  std::string body{};
  std::string media_type = "application/json";
  std::string id{}; ///< of the delivery; empty: it is made up
  /// When it is signed, since 1970; nothing: now.
  std::optional<std::chrono::milliseconds> at{};
};

/// The endpoint that takes requests and has this id; `WORKFLOW/TRIGGER` is
/// meant by the trigger's name too, and without a word the first of all. The
/// error names `file`, where they stand.
tl::expected<const config::endpoint_settings*, command_failure>
find_endpoint(const config::settings& settings, const std::string& file,
              const std::string& word);

/// `url`, with the body's hash in its query where the scheme wants it there
/// (twilio, unless the body is a form).
std::string with_body_hash(const config::signature_settings& signature,
                           const event_to_sign& event, std::string url);

/// Content-Type, then the signature.
core::header_fields signed_headers(const config::signature_settings& signature,
                                   const event_to_sign& event);

} // namespace mfo::node
