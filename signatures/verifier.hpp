#pragma once

#include "config/signature_settings.hpp"
#include "core/header_fields.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Is an event from who it says? One small verifier for each scheme, behind one
/// interface. docs/reference/signatures.md says what each of them checks, and
/// where it is specified.
namespace mfo::signatures {

/// What may be signed. Views are valid during the call only.
struct signed_request {
  const core::header_fields& fields; ///< those of `fields_of`
  std::string_view target;           ///< as sent, with its query; for twilio
  std::string_view body;             ///< as received, byte for byte
};

/// What is wrong with it.
enum class flaw : std::uint8_t {
  missing,   ///< a field is not there, or several times
  malformed, ///< a field is not of the scheme's form
  expired,   ///< signed too long ago
  early,     ///< signed in the future
  mismatch,  ///< the signature fits no secret
};

struct rejection {
  flaw what;
  /// For who sets a sender up, in the node's log, and never for the sender. No
  /// secret, no expected value, and nothing of the request.
  std::string detail;
};

using verdict = tl::expected<void, rejection>;

/// Thread-safe: nothing changes after construction. No I/O.
///
/// Every secret is tried whatever the others gave, and everything secret is
/// compared by compare.hpp, so that the time taken tells nothing of how close a
/// guess was.
class verifier {
public:
  virtual ~verifier() = default;

  [[nodiscard]] virtual verdict verify(const signed_request& request,
                                       std::chrono::seconds unix_now) const = 0;
};

/// Derives the keys once. Requires: settings that were loaded, see
/// config/schema_signature.cpp.
[[nodiscard]] std::unique_ptr<verifier>
make_verifier(const config::signature_settings& settings);

/// The fields of a request's head that the scheme's verifier reads.
[[nodiscard]] std::vector<std::string>
fields_of(const config::signature_settings& settings);

/// Whether it reads the request's target.
[[nodiscard]] bool signs_target(const config::signature_settings& settings);

/// What a 401 says of how to prove who one is (RFC 9110, section 11.6.1):
/// HTTP's own schemes with their parameters; `Signature` for all that HTTP has
/// no name for, and nothing of which one it is.
[[nodiscard]] std::string
challenge_of(const config::signature_settings& settings);

/// The answer to Slack's `url_verification`, which it sends when an endpoint is
/// set up: the challenge in JSON; nothing for any other body. Only for what was
/// verified. https://docs.slack.dev/reference/events/url_verification
[[nodiscard]] std::optional<std::string> slack_challenge(std::string_view body);

} // namespace mfo::signatures
