// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
// v1 is HMAC-SHA256 with a whsec_ secret, v1a Ed25519 (RFC 8032) with a whpk_
// public key. Svix sends the same in fields with names of its own.

#include "core/text_encoding.hpp"
#include "signatures/schemes.hpp"
#include "signatures/standard_keys.hpp"

#include <openssl/evp.h>

#include <array>
#include <span>

namespace mfo::signatures {

namespace {

/// More signatures than a rotation of keys makes; each costs a hash or worse.
constexpr unsigned most_signatures = 8;

struct free_key {
  void operator()(EVP_PKEY* key) const noexcept {
    EVP_PKEY_free(key);
  }
  void operator()(EVP_MD_CTX* context) const noexcept {
    EVP_MD_CTX_free(context);
  }
};

using public_key = std::unique_ptr<EVP_PKEY, free_key>;

struct field_names {
  std::string_view id;
  std::string_view time;
  std::string_view signature;
};

constexpr field_names own_names{"webhook-id", "webhook-timestamp",
                                "webhook-signature"};
constexpr field_names svix_names{"svix-id", "svix-timestamp", "svix-signature"};

class standard_webhooks final : public verifier {
public:
  explicit standard_webhooks(const settings& from)
    : tolerance_(from.tolerance) {
    for (const auto& each : from.secrets) {
      if (const auto key = parse_public_key(each.reveal()))
        public_keys_.emplace_back(EVP_PKEY_new_raw_public_key(
            EVP_PKEY_ED25519, nullptr, key->data(), key->size()));
      else if (const auto secret = parse_shared_key(each.reveal()))
        keys_.add_key(*secret);
    }
  }

  verdict verify(const signed_request& request,
                 std::chrono::seconds now) const override {
    const bool own = request.fields.find(own_names.signature) ||
                     !request.fields.find(svix_names.signature);
    const auto& names = own ? own_names : svix_names;
    const auto& other_names = own ? svix_names : own_names;
    const auto signatures = request.fields.find(names.signature);
    if (!signatures)
      return missing(names.signature);
    const auto id = request.fields.find(names.id);
    if (!id || id->empty())
      return missing(names.id);
    // One of the two is signed. The other may not name the delivery, or who
    // replays it could give it a fresh id.
    if (const auto other = request.fields.find(other_names.id);
        other && *other != *id)
      return reject(flaw::malformed, "webhook-id and svix-id differ");
    const auto signed_at = request.fields.find(names.time);
    if (!signed_at)
      return missing(names.time);
    if (auto good = check_time(*signed_at, now, tolerance_); !good)
      return good;
    unsigned count = 0;
    bool match = false;
    for (auto rest = *signatures; !rest.empty();) {
      const auto end = rest.find(' ');
      const auto each = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      if (each.empty())
        continue;
      if (++count > most_signatures)
        return reject(flaw::malformed, "there are too many signatures");
      match |= fits(each, *id, *signed_at, request.body);
    }
    if (!match)
      return mismatch(names.signature, keys_.key_count() + public_keys_.size());
    return {};
  }

private:
  /// An unknown version fits nothing.
  bool fits(std::string_view signature, std::string_view id,
            std::string_view signed_at, std::string_view body) const {
    if (const auto text = without_prefix(signature, "v1,")) {
      const auto claimed = core::decode_base64(*text);
      return claimed &&
             keys_.matches(*claimed, {id, ".", signed_at, ".", body});
    }
    const auto text = without_prefix(signature, "v1a,");
    const auto claimed = text ? core::decode_base64(*text) : std::nullopt;
    if (!claimed || public_keys_.empty())
      return false;
    // Ed25519 reads its message twice, so it has to be in one piece.
    std::string message;
    message.reserve(id.size() + signed_at.size() + body.size() + 2);
    message.append(id).append(".").append(signed_at).append(".").append(body);
    bool match = false;
    for (const auto& key : public_keys_)
      match |= is_signed_by(key, *claimed, message);
    return match;
  }

  static bool is_signed_by(const public_key& key,
                           std::span<const std::uint8_t> signature,
                           std::string_view message) {
    const std::unique_ptr<EVP_MD_CTX, free_key> context{EVP_MD_CTX_new()};
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                                key.get()) == 1 &&
           EVP_DigestVerify(
               context.get(), signature.data(), signature.size(),
               reinterpret_cast<const unsigned char*>(message.data()),
               message.size()) == 1;
  }

  keyed_hash keys_{config::digest::sha256};
  std::vector<public_key> public_keys_;
  const std::chrono::milliseconds tolerance_;
};

} // namespace

std::unique_ptr<verifier> make_standard_webhooks(const settings& from) {
  return std::make_unique<standard_webhooks>(from);
}

} // namespace mfo::signatures
