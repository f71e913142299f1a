// The schemes whose signature is a MAC of the body alone, in one header:
//
// github
// https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
//          The SHA-1 header beside it is not looked at.
// shopify  https://shopify.dev/docs/apps/build/webhooks/subscribe/https

#include "core/text_encoding.hpp"
#include "signatures/schemes.hpp"

#include <fmt/format.h>

namespace mfo::signatures {

namespace {

class body_hash final : public verifier {
public:
  using decoder = decltype(&core::decode_hex);

  body_hash(const settings& from, std::string_view header,
            std::string_view prefix, decoder decode)
    : keys_(keys_of(from, config::digest::sha256)), header_(header),
      prefix_(prefix), decode_(decode) {}

  verdict verify(const signed_request& request,
                 std::chrono::seconds /*now*/) const override {
    const auto signature = request.fields.find(header_);
    if (!signature)
      return missing(header_);
    const auto text = without_prefix(*signature, prefix_);
    const auto claimed = text ? decode_(*text) : std::nullopt;
    if (!claimed)
      return reject(flaw::malformed,
                    fmt::format("{} is not as this sender writes it", header_));
    if (!keys_.matches(*claimed, {request.body}))
      return mismatch(header_, keys_.key_count());
    return {};
  }

private:
  const keyed_hash keys_;
  const std::string_view header_;
  const std::string_view prefix_;
  const decoder decode_;
};

} // namespace

std::unique_ptr<verifier> make_github(const settings& from) {
  return std::make_unique<body_hash>(from, "X-Hub-Signature-256",
                                     "sha256=", core::decode_hex);
}

std::unique_ptr<verifier> make_shopify(const settings& from) {
  return std::make_unique<body_hash>(from, "X-Shopify-Hmac-SHA256", "",
                                     core::decode_base64);
}

} // namespace mfo::signatures
