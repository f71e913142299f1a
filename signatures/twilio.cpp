#include "core/text_encoding.hpp"
#include "signatures/compare.hpp"
#include "signatures/schemes.hpp"
#include "signatures/twilio_content.hpp"

namespace mfo::signatures {

namespace {

constexpr std::string_view twilio_header{"X-Twilio-Signature"};

/// Whether the body is the one whose SHA-256 the signed URL names. No secret
/// is in this.
bool is_body_of(std::string_view hash, std::string_view body) {
  const auto claimed = core::decode_hex(hash);
  return claimed && equal_bytes(*claimed, sha256(body));
}

class twilio final : public verifier {
public:
  explicit twilio(const settings& from)
    : keys_(keys_of(from, config::digest::sha1)), url_(from.public_url),
      other_url_(with_other_port(from.public_url)) {}

  verdict verify(const signed_request& request,
                 std::chrono::seconds /*now*/) const override {
    const auto signature = request.fields.find(twilio_header);
    if (!signature)
      return missing(twilio_header);
    const auto claimed = core::decode_base64(*signature);
    if (!claimed)
      return reject(flaw::malformed, "X-Twilio-Signature is not base64");
    const auto hash = body_hash_in(request.target);
    if (hash && !is_body_of(*hash, request.body))
      return reject(flaw::mismatch,
                    "the body is not the one of bodySHA256 in the query");
    const auto form = hash ? std::string{} : sorted_form(request.body);
    const auto query_at = request.target.find('?');
    const auto query = query_at == std::string_view::npos
                           ? std::string_view{}
                           : request.target.substr(query_at);
    bool match = false;
    for (const auto* url : {&url_, &other_url_})
      match |= keys_.matches(*claimed, {*url, query, form});
    if (!match)
      return reject(flaw::mismatch,
                    "X-Twilio-Signature fits none of the secrets: another "
                    "secret, or the sender has another URL than public_url");
    return {};
  }

private:
  const keyed_hash keys_;
  const std::string url_;
  const std::string other_url_;
};

} // namespace

std::unique_ptr<verifier> make_twilio(const settings& from) {
  return std::make_unique<twilio>(from);
}

} // namespace mfo::signatures
