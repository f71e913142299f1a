#pragma once

#include "cluster/transport/end_reason.hpp"

#include <openssl/ssl.h>

/// OpenSSL's errors, as reasons of ours.
namespace mfo::cluster::wire {

/// Why the last call on this session failed, from the errors of this thread,
/// which are cleared. `error` is what SSL_get_error has said; `peer_names` of
/// a certificate that was refused for its names, for the text.
[[nodiscard]] end_cause tls_failure(const SSL* session, int error,
                                    const std::string& peer_names);

/// The first of the errors that OpenSSL has piled up on this thread, in words;
/// the later ones say what failed because of it. Clears them.
[[nodiscard]] std::string openssl_text();

} // namespace mfo::cluster::wire
