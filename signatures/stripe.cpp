// https://docs.stripe.com/webhooks#verify-manually

#include "core/text_encoding.hpp"
#include "signatures/schemes.hpp"

namespace mfo::signatures {

namespace {

constexpr std::string_view stripe_header{"Stripe-Signature"};

/// More signatures than a rotation of keys makes; each costs a hash.
constexpr unsigned most_stripe_signatures = 8;

/// Calls `visit(name, value)` for each part of `t=1,v1=ab,v0=cd`. False when
/// one has no `=`.
template <class Visitor>
bool for_each_part(std::string_view text, Visitor&& visit) {
  while (!text.empty()) {
    const auto end = text.find(',');
    auto part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (part.starts_with(' '))
      part.remove_prefix(1);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos)
      return false;
    visit(part.substr(0, equals), part.substr(equals + 1));
  }
  return true;
}

class stripe final : public verifier {
public:
  explicit stripe(const settings& from)
    : keys_(keys_of(from, config::digest::sha256)), tolerance_(from.tolerance) {
  }

  verdict verify(const signed_request& request,
                 std::chrono::seconds now) const override {
    const auto field = request.fields.find(stripe_header);
    if (!field)
      return missing(stripe_header);
    std::string_view signed_at;
    unsigned times = 0;
    unsigned signatures = 0;
    const auto whole = for_each_part(*field, [&](auto name, auto value) {
      if (name == "t") {
        signed_at = value;
        ++times;
      } else if (name == "v1") {
        ++signatures;
      }
    });
    if (!whole || times != 1 || signatures == 0 ||
        signatures > most_stripe_signatures)
      return reject(flaw::malformed,
                    "Stripe-Signature is not one t= and some v1=");
    if (auto good = check_time(signed_at, now, tolerance_); !good)
      return good;
    bool match = false;
    for_each_part(*field, [&](auto name, auto value) {
      if (name != "v1")
        return; // v0 is for tests, and of no worth
      if (const auto claimed = core::decode_hex(value))
        match |= keys_.matches(*claimed, {signed_at, ".", request.body});
    });
    if (!match)
      return mismatch(stripe_header, keys_.key_count());
    return {};
  }

private:
  const keyed_hash keys_;
  const std::chrono::milliseconds tolerance_;
};

} // namespace

std::unique_ptr<verifier> make_stripe(const settings& from) {
  return std::make_unique<stripe>(from);
}

} // namespace mfo::signatures
