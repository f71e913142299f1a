#pragma once

#include <openssl/types.h>

#include <memory>

namespace mfo::http {

/// The certificate authorities that clients trust. Many may share one, on any
/// thread: OpenSSL locks it, and nothing is added once it is made. See
/// make_trust_store.
using trust_store = std::shared_ptr<X509_STORE>;

} // namespace mfo::http
