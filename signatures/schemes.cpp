#include "signatures/schemes.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mfo::signatures {

namespace {

using scheme = config::signature_scheme;

} // namespace

keyed_hash keys_of(const settings& from, config::digest algorithm) {
  keyed_hash keys{algorithm};
  for (const auto& each : from.secrets)
    keys.add_key(each.reveal());
  return keys;
}

tl::unexpected<rejection> reject(flaw what, std::string detail) {
  return tl::unexpected{rejection{what, std::move(detail)}};
}

tl::unexpected<rejection> missing(std::string_view name) {
  return reject(flaw::missing,
                fmt::format("there is no header {}, or several", name));
}

tl::unexpected<rejection> mismatch(std::string_view name, std::size_t keys) {
  return reject(flaw::mismatch,
                fmt::format("{} fits none of the endpoint's secrets ({}): "
                            "another secret, or something of what is signed "
                            "was changed on its way",
                            name, keys));
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  // 12 digits last for 30,000 years and can be calculated with.
  constexpr std::size_t most_digits = 12;
  const auto is_digit = [](char c) {
    return c >= '0' && c <= '9';
  };
  if (text.empty() || text.size() > most_digits ||
      !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::chrono::seconds{value};
}

verdict check_time(std::string_view signed_at, std::chrono::seconds now,
                   std::chrono::milliseconds tolerance) {
  const auto when = parse_seconds(signed_at);
  if (!when)
    return reject(flaw::malformed, "the time of signing is not a number of "
                                   "seconds since 1970");
  if (now - *when > tolerance)
    return reject(flaw::expired,
                  fmt::format("signed {} s ago: an old event, or a clock "
                              "that is wrong",
                              (now - *when).count()));
  if (*when - now > tolerance)
    return reject(flaw::early,
                  fmt::format("signed {} s in the future: a clock is wrong",
                              (*when - now).count()));
  return {};
}

std::optional<std::string_view> without_prefix(std::string_view text,
                                               std::string_view prefix) {
  if (!text.starts_with(prefix))
    return std::nullopt;
  return text.substr(prefix.size());
}

std::unique_ptr<verifier> make_verifier(const settings& from) {
  switch (from.scheme) {
  case scheme::hmac:
    return make_hmac(from);
  case scheme::standard_webhooks:
    return make_standard_webhooks(from);
  case scheme::github:
    return make_github(from);
  case scheme::stripe:
    return make_stripe(from);
  case scheme::slack:
    return make_slack(from);
  case scheme::shopify:
    return make_shopify(from);
  case scheme::gitlab:
    return make_gitlab(from);
  case scheme::twilio:
    return make_twilio(from);
  case scheme::token:
    return make_token(from);
  case scheme::basic:
    return make_basic(from);
  case scheme::none:
    break;
  }
  return make_none();
}

std::vector<std::string> fields_of(const settings& from) {
  switch (from.scheme) {
  case scheme::hmac: {
    std::vector<std::string> names{from.header};
    for (const auto* each : {&from.timestamp_header, &from.id_header})
      if (!each->empty())
        names.push_back(*each);
    return names;
  }
  case scheme::standard_webhooks:
    return {"webhook-id", "webhook-timestamp", "webhook-signature",
            "svix-id",    "svix-timestamp",    "svix-signature"};
  case scheme::github:
    return {"X-Hub-Signature-256"};
  case scheme::stripe:
    return {"Stripe-Signature"};
  case scheme::slack:
    return {"X-Slack-Signature", "X-Slack-Request-Timestamp"};
  case scheme::shopify:
    return {"X-Shopify-Hmac-SHA256"};
  case scheme::gitlab:
    return {"X-Gitlab-Token", "webhook-id", "webhook-timestamp",
            "webhook-signature"};
  case scheme::twilio:
    return {"X-Twilio-Signature"};
  case scheme::token:
    return {from.header};
  case scheme::basic:
    return {"Authorization"};
  case scheme::none:
    break;
  }
  return {};
}

bool signs_target(const settings& from) {
  return from.scheme == scheme::twilio;
}

std::string challenge_of(const settings& from) {
  if (from.scheme == scheme::basic)
    return R"(Basic realm="mfo", charset="UTF-8")";
  const bool bearer = from.scheme == scheme::token &&
                      core::equal_ignoring_case(from.header, "Authorization") &&
                      core::equal_ignoring_case(from.prefix, "Bearer ");
  return bearer ? "Bearer" : "Signature";
}

} // namespace mfo::signatures
