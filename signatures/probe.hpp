#pragma once

#include "config/signature_settings.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// The no-op by which an operator finds out where an endpoint's public URL
/// leads (docs/adr/0018-probes.md): a request that is signed as an event of the
/// endpoint is, with one field more. It is never an event.
namespace mfo::signatures {

/// `1 TIME NONCE TAG`: seconds since 1970, and hex. The tag is an HMAC of the
/// rest, and of the endpoint, by a key that is made of the endpoint's secret
/// and serves nothing else: who does not know the secret cannot ask, nor turn
/// somebody's event into a probe by adding the field.
inline constexpr std::string_view probe_field = "MFO-Probe";

/// What a probe has for a body. It is no JSON: a node that knows nothing of
/// probes finds its signature good, and refuses it all the same.
inline constexpr std::string_view probe_body = "mfo-probe";

/// How long a probe is good for, both ways.
inline constexpr std::chrono::seconds probe_life{300};

/// Who has answered.
struct probe_identity {
  std::string node;     ///< its name
  std::string instance; ///< of the process; no other has it

  friend bool operator==(const probe_identity&,
                         const probe_identity&) = default;
};

/// Whether the endpoint has a secret to ask with: neither `none` nor a public
/// key is one.
[[nodiscard]] bool can_probe(const config::signature_settings& settings);

/// The value of the field, by the first secret. `nonce`: hex, 32 digits at
/// most, new for each. Requires: can_probe.
[[nodiscard]] std::string make_probe(const config::signature_settings& settings,
                                     std::string_view endpoint,
                                     std::chrono::seconds unix_now,
                                     std::string_view nonce);

/// The nonce of a good one; nothing where it is made by none of the secrets,
/// for another endpoint, or too old.
[[nodiscard]] std::optional<std::string>
read_probe(const config::signature_settings& settings,
           std::string_view endpoint, std::string_view field,
           std::chrono::seconds unix_now);

/// What the node answers: JSON, with an HMAC over nonce and identity. Requires:
/// can_probe.
[[nodiscard]] std::string
answer_probe(const config::signature_settings& settings,
             std::string_view endpoint, std::string_view nonce,
             const probe_identity& who);

/// Who has answered the probe of this nonce; nothing where it is no answer, or
/// nobody with the secret has made it.
[[nodiscard]] std::optional<probe_identity>
read_probe_answer(const config::signature_settings& settings,
                  std::string_view endpoint, std::string_view nonce,
                  std::string_view body);

} // namespace mfo::signatures
