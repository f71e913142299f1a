#pragma once

#include "config/tls_settings.hpp"
#include "signatures/compare.hpp"

#include <string_view>
#include <vector>

namespace mfo::http {

/// Who may use the admin listener. Thread-safe once made.
class admin_access {
public:
  explicit admin_access(const config::admin_settings& settings);

  /// Whether a caller with this value of `Authorization` may use what is not
  /// for everybody. Without tokens anybody may: the connection itself is then
  /// from this host, or has shown a certificate.
  [[nodiscard]] bool allows(std::string_view authorization) const;

  /// Whether it is known who the caller is, once `allows` says yes.
  [[nodiscard]] bool knows_callers() const noexcept {
    return certificates_ || !tokens_.empty();
  }

private:
  signatures::secret_set tokens_;
  bool certificates_; ///< a connection without a good one does not get here
};

} // namespace mfo::http
