#pragma once

#include <openssl/hmac.h>

#include <array>
#include <string>
#include <string_view>

namespace mfo::support {

/// The hex HMAC-SHA256 of `body`, by OpenSSL alone: what a sender computes.
inline std::string hex_hmac_sha256(std::string_view secret,
                                   std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(body.data()), body.size(),
         digest.data(), &size);
  constexpr std::string_view digits{"0123456789abcdef"};
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 0xF];
  }
  return text;
}

} // namespace mfo::support
