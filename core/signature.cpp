#include "core/signature.hpp"

#include "core/text_encoding.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

namespace mfo::core {

namespace {

struct free_mac {
  void operator()(EVP_MAC* mac) const noexcept {
    EVP_MAC_free(mac);
  }
  void operator()(EVP_MAC_CTX* context) const noexcept {
    EVP_MAC_CTX_free(context);
  }
};

using mac_context = std::unique_ptr<EVP_MAC_CTX, free_mac>;

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

/// A digest's bytes on the stack.
struct mac_value {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> bytes{};
  std::size_t size = 0;

  [[nodiscard]] std::span<const std::uint8_t> view() const noexcept {
    return {bytes.data(), size};
  }
};

} // namespace

struct hmac_signer::state {
  /// Keyed and never updated: each use works on a duplicate.
  std::vector<mac_context> keyed;
  config::encoding encoding = config::encoding::hex;
  std::string prefix;

  static mac_value compute(const mac_context& key, std::string_view body) {
    const mac_context work{EVP_MAC_CTX_dup(key.get())};
    mac_value result;
    // OpenSSL fails here only for want of memory.
    if (!work ||
        EVP_MAC_update(work.get(),
                       reinterpret_cast<const unsigned char*>(body.data()),
                       body.size()) != 1 ||
        EVP_MAC_final(work.get(), result.bytes.data(), &result.size,
                      result.bytes.size()) != 1)
      throw std::bad_alloc{};
    return result;
  }
};

hmac_signer::hmac_signer(const config::signature_settings& settings)
  : state_(std::make_unique<state>()) {
  state_->encoding = settings.signature_encoding;
  state_->prefix = settings.prefix;
  const std::unique_ptr<EVP_MAC, free_mac> mac{
      EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  auto* digest = const_cast<char*>(name_of(settings.algorithm));
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  for (const auto& secret : settings.secrets) {
    mac_context context{EVP_MAC_CTX_new(mac.get())};
    const auto& key = secret.reveal();
    if (!context ||
        EVP_MAC_init(context.get(),
                     reinterpret_cast<const unsigned char*>(key.data()),
                     key.size(), parameters.data()) != 1)
      throw std::bad_alloc{};
    state_->keyed.push_back(std::move(context));
  }
}

hmac_signer::~hmac_signer() = default;
hmac_signer::hmac_signer(hmac_signer&&) noexcept = default;
hmac_signer& hmac_signer::operator=(hmac_signer&&) noexcept = default;

bool hmac_signer::verify(std::string_view header, std::string_view body) const {
  if (!header.starts_with(state_->prefix))
    return false;
  header.remove_prefix(state_->prefix.size());
  const auto claimed = state_->encoding == config::encoding::hex
                           ? decode_hex(header)
                           : decode_base64(header);
  if (!claimed)
    return false;
  bool match = false;
  for (const auto& key : state_->keyed) {
    const auto expected = state::compute(key, body);
    if (claimed->size() == expected.size)
      match |= CRYPTO_memcmp(claimed->data(), expected.bytes.data(),
                             expected.size) == 0;
  }
  return match;
}

std::string hmac_signer::sign(std::string_view body) const {
  const auto value = state::compute(state_->keyed.front(), body);
  return state_->prefix + (state_->encoding == config::encoding::hex
                               ? encode_hex(value.view())
                               : encode_base64(value.view()));
}

} // namespace mfo::core
