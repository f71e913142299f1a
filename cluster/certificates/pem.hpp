#pragma once

#include "cluster/certificates/failure.hpp"
#include "cluster/certificates/handles.hpp"

#include <string>

/// PEM files of certificates and keys, 64 KiB at most.
namespace mfo::cluster::certificates {

/// The first certificate of a file.
expected<certificate_ptr> read_certificate(const std::string& path);

/// The private key of a file. One with a pass phrase is refused: nobody is
/// asked for it.
expected<key_ptr> read_key(const std::string& path);

/// Neither is null. Empty where OpenSSL has no memory.
std::string to_pem(X509* certificate);
/// PKCS #8, not encrypted.
std::string to_pem(EVP_PKEY* key);

/// Whether the public key of the certificate is that of `key`.
bool is_pair(const X509* certificate, const EVP_PKEY* key);

/// The first error that OpenSSL has noted on this thread: the later ones say
/// what failed because of it. All are forgotten afterwards.
std::string openssl_reason();

} // namespace mfo::cluster::certificates
