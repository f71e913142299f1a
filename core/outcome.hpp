#pragma once

#include "core/errc.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mfo::core {

/// What a payload does not keep of its endpoint's schema; for the sender, so
/// nothing of the payload but the names on the way to the place.
struct violation {
  std::string pointer; ///< where: a JSON Pointer (RFC 6901), "" for the whole
  std::string rule;    ///< the schema's keyword, e.g. "required", or with what
};

/// How an event ended: what travels back along the response promise, from the
/// stage that decided to the intake that answers the sender.
struct outcome {
  /// Empty: delivered, the server answered 2xx.
  std::optional<errc> error;
  /// Tries made at the server.
  unsigned attempts = 0;
  /// Status of the server's last reply; 0: it gave none.
  int upstream_status = 0;
  /// How long the sender should wait, where the answer says so; zero: unknown.
  std::chrono::milliseconds retry_after{0};
  /// With `handshake`: what the sender wants to hear, JSON.
  std::string reply{};
  /// With `bad_signature`: how to prove it (RFC 9110, section 11.6.1).
  std::string challenge{};
  /// With `schema_violation`: the first few.
  std::vector<violation> violations{};
  /// For the log, never for the sender.
  std::string detail;

  [[nodiscard]] bool delivered() const noexcept {
    return !error.has_value();
  }
};

/// An outcome for an event that got no further than this node.
inline outcome refused(errc code, std::string detail = {}) {
  return {.error = code, .detail = std::move(detail)};
}

} // namespace mfo::core
