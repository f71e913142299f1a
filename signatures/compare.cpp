#include "signatures/compare.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <new>

namespace mfo::signatures {

std::array<std::uint8_t, 32> sha256(std::string_view text) {
  std::array<std::uint8_t, 32> result{};
  unsigned size = 0;
  // OpenSSL fails here only for want of memory.
  if (EVP_Digest(text.data(), text.size(), result.data(), &size, EVP_sha256(),
                 nullptr) != 1)
    throw std::bad_alloc{};
  return result;
}

bool equal_bytes(std::span<const std::uint8_t> a,
                 std::span<const std::uint8_t> b) noexcept {
  return a.size() == b.size() &&
         CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void secret_set::add(std::string_view secret) {
  digests_.push_back(sha256(secret));
}

bool secret_set::contains(std::string_view claimed) const {
  const auto digest_of_claimed = sha256(claimed);
  bool found = false;
  for (const auto& each : digests_)
    found |= equal_bytes(each, digest_of_claimed);
  return found;
}

} // namespace mfo::signatures
