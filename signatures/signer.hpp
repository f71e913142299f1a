#pragma once

#include "config/signature_settings.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::signatures {

/// What a sender signs.
struct outgoing {
  std::string_view body{};
  std::string_view id{};  ///< of the delivery, where the scheme has one
  std::string_view url{}; ///< with its query; of twilio
  std::chrono::seconds unix_now{0};
};

using field_list = std::vector<std::pair<std::string, std::string>>;

/// SHA-256 in hex, as twilio wants a body that is no form in `bodySHA256`.
[[nodiscard]] std::string hex_sha256(std::string_view text);

/// Whether `sign` has something to sign with: a public key (`whpk_`) verifies
/// and signs nothing.
[[nodiscard]] bool can_sign(const config::signature_settings& settings);

/// The fields with which a sender that has the first secret that can sign
/// proves `what`; the other side of verifier.hpp. With a form, twilio's; with
/// anything else twilio's caller puts the body's hash into the URL
/// (`bodySHA256`). Requires: `can_sign`.
[[nodiscard]] field_list sign(const config::signature_settings& settings,
                              const outgoing& what);

} // namespace mfo::signatures
