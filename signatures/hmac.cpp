#include "core/text_encoding.hpp"
#include "signatures/schemes.hpp"
#include "signatures/signed_content.hpp"

#include <fmt/format.h>

namespace mfo::signatures {

namespace {

class hmac final : public verifier {
public:
  explicit hmac(const settings& from)
    : from_(from), content_(from.signed_content),
      keys_(keys_of(from, from.algorithm)) {}

  verdict verify(const signed_request& request,
                 std::chrono::seconds now) const override {
    const auto signature = request.fields.find(from_.header);
    if (!signature)
      return missing(from_.header);
    const auto text = without_prefix(*signature, from_.prefix);
    if (!text)
      return reject(flaw::malformed, fmt::format("{} does not begin with {}",
                                                 from_.header, from_.prefix));
    const bool hex = from_.signature_encoding == config::encoding::hex;
    const auto claimed =
        hex ? core::decode_hex(*text) : core::decode_base64(*text);
    if (!claimed)
      return reject(flaw::malformed,
                    fmt::format("{} is not {}", from_.header,
                                hex ? "hex" : "base64 (with its padding)"));
    std::string_view signed_at;
    if (!from_.timestamp_header.empty()) {
      const auto field = request.fields.find(from_.timestamp_header);
      if (!field)
        return missing(from_.timestamp_header);
      if (auto good = check_time(*field, now, from_.tolerance); !good)
        return good;
      signed_at = *field;
    }
    std::string_view id;
    if (!from_.id_header.empty()) {
      const auto field = request.fields.find(from_.id_header);
      if (!field || field->empty())
        return missing(from_.id_header);
      if (!content_.ends_plainly(*field))
        return reject(flaw::malformed,
                      fmt::format("{} has in it what stands behind {{id}} in "
                                  "the template",
                                  from_.id_header));
      id = *field;
    }
    if (!keys_.matches(*claimed, content_.fill(id, signed_at, request.body)))
      return mismatch(from_.header, keys_.key_count());
    return {};
  }

private:
  const settings from_;
  const signed_content content_;
  const keyed_hash keys_;
};

} // namespace

std::unique_ptr<verifier> make_hmac(const settings& from) {
  return std::make_unique<hmac>(from);
}

} // namespace mfo::signatures
