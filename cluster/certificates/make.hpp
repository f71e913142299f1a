#pragma once

#include "cluster/certificates/failure.hpp"
#include "cluster/certificates/handles.hpp"
#include "cluster/certificates/names.hpp"

#include <chrono>
#include <string>
#include <vector>

/// The certificates themselves (RFC 5280), without files.
///
/// Keys and serial numbers are random by OpenSSL's own generator, and there is
/// no way to pass another in: it would be a way to make keys that can be
/// guessed.
namespace mfo::cluster::certificates {

/// So long before it was made a certificate is valid already, for hosts whose
/// clocks are behind.
inline constexpr std::chrono::hours clock_skew{1};

inline constexpr std::chrono::days longest_lifetime{36500};

struct validity {
  std::chrono::sys_seconds from;
  std::chrono::sys_seconds until; ///< from then on it is not valid
};

/// From `clock_skew` ago, for `lifetime` from now on. Refuses none, and one
/// beyond `longest_lifetime`.
expected<validity> validity_of(std::chrono::seconds lifetime,
                               std::chrono::sys_seconds now);

/// Of ECDSA on P-256, which every TLS library knows.
expected<key_ptr> make_key();

/// Who vouches. Not null; owned by the caller.
struct issuer {
  X509* certificate;
  EVP_PKEY* key;
};

/// A root that vouches for nodes, and for no other authority.
expected<certificate_ptr> make_root(const std::string& common_name,
                                    const validity& when, EVP_PKEY* key);

/// A node's, for both ends of a connection. `names` has the subject first.
expected<certificate_ptr> make_leaf(const std::vector<alternative_name>& names,
                                    const validity& when, EVP_PKEY* key,
                                    const issuer& by);

} // namespace mfo::cluster::certificates
