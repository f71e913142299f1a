#pragma once

#include "config/secret.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::config {

/// How a sender proves that an event is genuine; signatures/ has a verifier
/// for each.
enum class signature_scheme : std::uint8_t {
  hmac,              ///< the documented MFO default: hex HMAC in a header
  standard_webhooks, ///< webhook-id, webhook-timestamp, webhook-signature
  github,            ///< X-Hub-Signature-256: sha256=<hex>
  stripe,            ///< Stripe-Signature: t=…,v1=<hex>
  slack,             ///< X-Slack-Signature: v0=<hex>, and a timestamp
  shopify,           ///< X-Shopify-Hmac-SHA256: <base64>
  gitlab,            ///< X-Gitlab-Token, or as standard_webhooks
  twilio,            ///< X-Twilio-Signature over the URL and the form
  token,             ///< a header that is the secret
  basic,             ///< Authorization: Basic
  none,              ///< anybody may send
};

/// The word of the configuration.
[[nodiscard]] constexpr std::string_view
to_string(signature_scheme scheme) noexcept {
  switch (scheme) {
  case signature_scheme::hmac:
    return "hmac";
  case signature_scheme::standard_webhooks:
    return "standard-webhooks";
  case signature_scheme::github:
    return "github";
  case signature_scheme::stripe:
    return "stripe";
  case signature_scheme::slack:
    return "slack";
  case signature_scheme::shopify:
    return "shopify";
  case signature_scheme::gitlab:
    return "gitlab";
  case signature_scheme::twilio:
    return "twilio";
  case signature_scheme::token:
    return "token";
  case signature_scheme::basic:
    return "basic";
  case signature_scheme::none:
    break;
  }
  return "none";
}

enum class digest : std::uint8_t { sha1, sha256, sha512 };

enum class encoding : std::uint8_t { hex, base64 };

struct signature_settings {
  signature_scheme scheme = signature_scheme::hmac;
  /// Never empty but with `none`, no element empty; any of them may match
  /// (rotation). With `basic`, each is user:password.
  std::vector<secret> secrets;
  // Of `hmac`; the header and what stands before the secret also of `token`.
  std::string header = "X-Signature";
  digest algorithm = digest::sha256;
  encoding signature_encoding = encoding::hex;
  /// What stands before the signature in the header, e.g. "sha256=".
  std::string prefix;
  /// What is signed: text with {body} once, and {timestamp} and {id} at most
  /// once and before it.
  std::string signed_content = "{body}";
  /// Header with the time of signing, seconds since 1970; empty: there is none.
  std::string timestamp_header;
  /// How far that time may be from now, both ways.
  std::chrono::milliseconds tolerance = std::chrono::minutes{5};
  /// Of `hmac`: header with the id of the delivery; empty: there is none.
  std::string id_header;
  /// Of `twilio`: the endpoint's URL as the sender has it, without a query.
  std::string public_url;
  /// Of `none`: the operator knows.
  bool accepts_unsigned = false;

  friend bool operator==(const signature_settings&,
                         const signature_settings&) = default;
};

} // namespace mfo::config
