#pragma once

#include <openssl/x509.h>

#include <chrono>
#include <ctime>
#include <optional>

namespace mfo::core {

/// Nothing: it is no time.
[[nodiscard]] inline std::optional<std::chrono::sys_seconds>
to_sys_seconds(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return std::nullopt;
  return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&parts)}};
}

/// When a certificate ends (RFC 5280, section 4.1.2.5). Nothing: there is
/// none, or it does not say.
[[nodiscard]] inline std::optional<std::chrono::sys_seconds>
certificate_end(const X509* certificate) {
  return certificate != nullptr
             ? to_sys_seconds(X509_get0_notAfter(certificate))
             : std::nullopt;
}

} // namespace mfo::core
