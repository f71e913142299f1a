// The schemes that send their secret as it is, so that only TLS protects it:
// a token in a header, HTTP's basic authentication (RFC 7617), and none.

#include "core/text.hpp"
#include "core/text_encoding.hpp"
#include "signatures/compare.hpp"
#include "signatures/schemes.hpp"

#include <fmt/format.h>

namespace mfo::signatures {

namespace {

secret_set secrets_of(const settings& from) {
  secret_set set;
  for (const auto& each : from.secrets)
    set.add(each.reveal());
  return set;
}

class token final : public verifier {
public:
  explicit token(const settings& from)
    : header_(from.header), prefix_(from.prefix), secrets_(secrets_of(from)) {}

  verdict verify(const signed_request& request,
                 std::chrono::seconds /*now*/) const override {
    const auto field = request.fields.find(header_);
    if (!field)
      return missing(header_);
    const auto text = without_prefix(*field, prefix_);
    if (!text)
      return reject(flaw::malformed,
                    fmt::format("{} does not begin with {}", header_, prefix_));
    if (!secrets_.contains(*text))
      return reject(flaw::mismatch,
                    header_ + " is none of the endpoint's secrets");
    return {};
  }

private:
  const std::string header_;
  const std::string prefix_;
  const secret_set secrets_;
};

class basic final : public verifier {
public:
  explicit basic(const settings& from) : secrets_(secrets_of(from)) {}

  verdict verify(const signed_request& request,
                 std::chrono::seconds /*now*/) const override {
    const auto field = request.fields.find("Authorization");
    if (!field)
      return missing("Authorization");
    // The scheme's name is in any case (RFC 9110, section 11.1).
    constexpr std::string_view mark{"basic "};
    const bool marked =
        field->size() > mark.size() &&
        core::equal_ignoring_case(field->substr(0, mark.size()), mark);
    const auto decoded =
        marked ? core::decode_base64(field->substr(mark.size())) : std::nullopt;
    if (!decoded)
      return reject(flaw::malformed,
                    "Authorization is not Basic and user:password in base64");
    if (!secrets_.contains(
            {reinterpret_cast<const char*>(decoded->data()), decoded->size()}))
      return reject(flaw::mismatch, "Authorization is of no user that the "
                                    "endpoint's secrets name");
    return {};
  }

private:
  const secret_set secrets_;
};

class none final : public verifier {
public:
  verdict verify(const signed_request& /*request*/,
                 std::chrono::seconds /*now*/) const override {
    return {};
  }
};

} // namespace

std::unique_ptr<verifier> make_token(const settings& from) {
  return std::make_unique<token>(from);
}

std::unique_ptr<verifier> make_basic(const settings& from) {
  return std::make_unique<basic>(from);
}

std::unique_ptr<verifier> make_none() {
  return std::make_unique<none>();
}

} // namespace mfo::signatures
