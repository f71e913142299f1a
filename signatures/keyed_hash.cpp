#include "signatures/keyed_hash.hpp"

#include "signatures/compare.hpp"

#include <openssl/core_names.h>

#include <new>

namespace mfo::signatures {

namespace {

const char* name_of(config::digest algorithm) noexcept {
  switch (algorithm) {
  case config::digest::sha1:
    return "SHA1";
  case config::digest::sha512:
    return "SHA512";
  case config::digest::sha256:
    break;
  }
  return "SHA256";
}

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

keyed_hash::keyed_hash(config::digest algorithm)
  : mac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)), digest_(name_of(algorithm)) {
  if (!mac_)
    throw std::bad_alloc{};
}

void keyed_hash::add_key(std::string_view key) {
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
                                       const_cast<char*>(digest_), 0),
      OSSL_PARAM_construct_end()};
  context keyed{EVP_MAC_CTX_new(mac_.get())};
  if (!keyed || EVP_MAC_init(keyed.get(), bytes_of(key), key.size(),
                             parameters.data()) != 1)
    throw std::bad_alloc{};
  keyed_.push_back(std::move(keyed));
}

mac_value keyed_hash::compute(const context& key,
                              std::span<const std::string_view> parts) {
  const context work{EVP_MAC_CTX_dup(key.get())};
  mac_value result;
  // OpenSSL fails here only for want of memory.
  bool good = work != nullptr;
  for (const auto part : parts)
    good = good && EVP_MAC_update(work.get(), bytes_of(part), part.size()) == 1;
  if (!good || EVP_MAC_final(work.get(), result.bytes.data(), &result.size,
                             result.bytes.size()) != 1)
    throw std::bad_alloc{};
  return result;
}

bool keyed_hash::matches(std::span<const std::uint8_t> claimed,
                         std::initializer_list<std::string_view> parts) const {
  return matches(claimed, std::span{parts.begin(), parts.size()});
}

mac_value
keyed_hash::first(std::initializer_list<std::string_view> parts) const {
  return first(std::span{parts.begin(), parts.size()});
}

bool keyed_hash::matches(std::span<const std::uint8_t> claimed,
                         std::span<const std::string_view> parts) const {
  bool match = false;
  for (const auto& key : keyed_)
    match |= equal_bytes(claimed, compute(key, parts).view());
  return match;
}

mac_value keyed_hash::first(std::span<const std::string_view> parts) const {
  return compute(keyed_.front(), parts);
}

} // namespace mfo::signatures
