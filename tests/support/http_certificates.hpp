#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

/// Certificates made on the spot, so that none is ever committed.
namespace mfo::test {

/// A server's certificate and its private key, PEM.
struct identity {
  std::string certificate;
  std::string key;
};

/// What to put into a certificate.
struct certificate_request {
  /// Subject alternative names as OpenSSL writes them: "DNS:localhost",
  /// "IP:127.0.0.1".
  std::vector<std::string> names;
  std::chrono::seconds valid_from{-3600}; ///< from now
  std::chrono::seconds valid_to{3600};    ///< from now
  std::string common_name = "mfo test server";
  bool wide_name = false; ///< the common name in two bytes a character
  bool rsa = false;       ///< a key of RSA, else of P-256
};

/// A certificate authority with a key of its own.
class authority {
public:
  authority();
  /// One that another vouches for.
  explicit authority(const authority& issuer);
  ~authority();

  /// Its own certificate, PEM: what a client is to trust.
  std::string certificate() const;

  identity issue(const certificate_request& request) const;

  /// The list (CRL, PEM) that revokes these certificates (PEM), good for an
  /// hour.
  std::string revoke(const std::vector<std::string>& certificates) const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// A certificate that vouches for itself.
identity self_signed(const certificate_request& request);

} // namespace mfo::test
