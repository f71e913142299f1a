#pragma once

#include "config/signature_settings.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
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

/// HMAC (RFC 2104) by any of some keys, which are derived once: a signature
/// then costs the hashing alone. Thread-safe once the keys are there.
class keyed_hash {
public:
  explicit keyed_hash(config::digest algorithm);

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
    return keyed_.size();
  }

private:
  struct free_mac {
    void operator()(EVP_MAC* mac) const noexcept {
      EVP_MAC_free(mac);
    }
    void operator()(EVP_MAC_CTX* context) const noexcept {
      EVP_MAC_CTX_free(context);
    }
  };

  using context = std::unique_ptr<EVP_MAC_CTX, free_mac>;

  static mac_value compute(const context& key,
                           std::span<const std::string_view> parts);

  std::unique_ptr<EVP_MAC, free_mac> mac_;
  const char* digest_;
  /// Keyed and never updated: each use works on a duplicate.
  std::vector<context> keyed_;
};

} // namespace mfo::signatures
