#pragma once

#include "config/access_settings.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// TLS of both sides: towards the servers, and of the listeners. Files are
/// PEM; an empty path means that there is none. The keys, ranges and help
/// stand in config/schema_server.cpp and config/schema_tls.cpp.
namespace mfo::config {

enum class tls_version : std::uint8_t { v1_2, v1_3 };

/// TLS to a server.
struct tls_settings {
  std::string ca_file{};   ///< whom to trust, in place of the system's CAs
  std::string crl_file{};  ///< revoked certificates; then every CA needs a CRL
  std::string cert_file{}; ///< of this node, with its chain
  std::string key_file{};  ///< of `cert_file`
  tls_version min_version = tls_version::v1_2;

  friend bool operator==(const tls_settings&, const tls_settings&) = default;
};

/// Whether a listener asks its senders for a certificate.
enum class client_auth_mode : std::uint8_t {
  none,
  request, ///< one that is given must be good
  require,
};

/// TLS of a listener.
struct listener_tls_settings {
  std::string certificate{}; ///< with its chain; empty: no TLS
  std::string key{};         ///< of `certificate`
  std::string client_ca{};   ///< who vouches for clients
  client_auth_mode client_auth = client_auth_mode::none;
  /// What a client's certificate must be for, one of them; empty: anything.
  std::vector<std::string> client_names{};
  std::string crl{}; ///< revoked clients; then every CA needs a CRL
  tls_version min_version = tls_version::v1_2;
  /// That one address may have; each costs more here than there.
  rate_settings handshakes_per_address{.per_second = 50, .burst = 200};

  [[nodiscard]] bool enabled() const noexcept {
    return !certificate.empty();
  }

  friend bool operator==(const listener_tls_settings&,
                         const listener_tls_settings&) = default;
};

/// Who may talk to the admin listener.
struct admin_settings {
  std::vector<secret> tokens; ///< any of them; empty: none is asked for
  listener_tls_settings tls;

  friend bool operator==(const admin_settings&,
                         const admin_settings&) = default;
};

} // namespace mfo::config
