#pragma once

#include "config/settings.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mfo::core {

/// Signs and verifies the raw bytes of a body by HMAC (RFC 2104), as an
/// endpoint's settings say. The documented MFO default is hex HMAC-SHA256 in
/// `X-Signature`; GitHub's scheme is the same with a prefix, see
/// https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
///
/// Thread-safe after construction.
class hmac_signer {
public:
  /// Derives the keys once: a signature then costs the hashing alone.
  explicit hmac_signer(const config::signature_settings& settings);
  ~hmac_signer();
  hmac_signer(hmac_signer&&) noexcept;
  hmac_signer& operator=(hmac_signer&&) noexcept;

  /// Whether `header` is a signature of `body` by any of the secrets. Every
  /// secret is tried and every comparison takes the same time whatever it
  /// finds, so that the time tells nothing of how close a guess was.
  [[nodiscard]] bool verify(std::string_view header,
                            std::string_view body) const;

  /// The header's value for `body`, by the first secret.
  [[nodiscard]] std::string sign(std::string_view body) const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace mfo::core
