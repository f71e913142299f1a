#pragma once

#include "config/signature_settings.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace mfo::signatures {

/// A MAC on the stack.
struct mac_value {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> bytes{};
  std::size_t size = 0;

  [[nodiscard]] std::span<const std::uint8_t> view() const noexcept {
    return {bytes.data(), size};
  }
};

/// Where a hash has come to after it was fed one half of a key (RFC 2104,
/// section 2: K xor ipad, K xor opad). As secret as the key: wiped when it
/// goes.
template <class State>
struct half_key {
  State state{};

  half_key() = default;
  half_key(const half_key&) = default;
  half_key& operator=(const half_key&) = default;
  ~half_key() {
    OPENSSL_cleanse(&state, sizeof state);
  }
};

/// A key of HMAC with one hash, which it has been through already.
template <class State>
struct hashed_key {
  half_key<State> inner;
  half_key<State> outer;
};

/// HMAC (RFC 2104) by any of some keys, which are hashed once: a signature
/// then costs the hashing of what is signed, and no memory is taken for it
/// (docs/adr/0023-hmac-from-states.md). Thread-safe once the keys are there.
class keyed_hash {
public:
  explicit keyed_hash(config::digest algorithm) : algorithm_(algorithm) {}

  void add_key(std::string_view key);

  /// Whether `claimed` is the MAC of the parts, one after the other, by one of
  /// the keys. Every key is tried.
  [[nodiscard]] bool
  matches(std::span<const std::uint8_t> claimed,
          std::initializer_list<std::string_view> parts) const;

  [[nodiscard]] bool matches(std::span<const std::uint8_t> claimed,
                             std::span<const std::string_view> parts) const;

  /// By the first key. Requires: there is one.
  [[nodiscard]] mac_value
  first(std::initializer_list<std::string_view> parts) const;

  [[nodiscard]] mac_value first(std::span<const std::string_view> parts) const;

  [[nodiscard]] std::size_t key_count() const noexcept {
    return keys_.size();
  }

private:
  using any_key = std::variant<hashed_key<SHA_CTX>, hashed_key<SHA256_CTX>,
                               hashed_key<SHA512_CTX>>;

  config::digest algorithm_;
  std::vector<any_key> keys_;
};

} // namespace mfo::signatures
