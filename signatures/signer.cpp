#include "signatures/signer.hpp"

#include "core/text_encoding.hpp"
#include "signatures/compare.hpp"
#include "signatures/schemes.hpp"
#include "signatures/signed_content.hpp"
#include "signatures/standard_keys.hpp"
#include "signatures/twilio_content.hpp"

#include <fmt/format.h>

#include <span>

namespace mfo::signatures {

namespace {

using scheme = config::signature_scheme;

std::string hex(const mac_value& mac) {
  return core::encode_hex(mac.view());
}

std::string base64(const mac_value& mac) {
  return core::encode_base64(mac.view());
}

std::string base64(std::string_view text) {
  return core::encode_base64(
      {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

field_list sign_hmac(const settings& from, const outgoing& what,
                     const std::string& time) {
  const auto mac = keys_of(from, from.algorithm)
                       .first(signed_content{from.signed_content}.fill(
                           what.id, time, what.body));
  const bool is_hex = from.signature_encoding == config::encoding::hex;
  field_list fields{
      {from.header, from.prefix + (is_hex ? hex(mac) : base64(mac))}};
  if (!from.timestamp_header.empty())
    fields.emplace_back(from.timestamp_header, time);
  if (!from.id_header.empty())
    fields.emplace_back(from.id_header, what.id);
  return fields;
}

keyed_hash shared_keys_of(const settings& from) {
  keyed_hash keys{config::digest::sha256};
  for (const auto& each : from.secrets)
    if (const auto key = parse_shared_key(each.reveal()))
      keys.add_key(*key);
  return keys;
}

field_list sign_standard(const settings& from, const outgoing& what,
                         const std::string& time) {
  const auto mac =
      shared_keys_of(from).first({what.id, ".", time, ".", what.body});
  return {{"webhook-id", std::string{what.id}},
          {"webhook-timestamp", time},
          {"webhook-signature", "v1," + base64(mac)}};
}

} // namespace

std::string hex_sha256(std::string_view text) {
  return core::encode_hex(sha256(text));
}

bool can_sign(const settings& from) {
  if (from.scheme == scheme::standard_webhooks)
    return shared_keys_of(from).key_count() > 0;
  return from.scheme == scheme::none || !from.secrets.empty();
}

field_list sign(const settings& from, const outgoing& what) {
  const auto time = std::to_string(what.unix_now.count());
  const auto sha256 = config::digest::sha256;
  const auto key = [&] {
    return keys_of(from, sha256);
  };
  const auto secret =
      from.secrets.empty() ? std::string{} : from.secrets.front().reveal();
  switch (from.scheme) {
  case scheme::hmac:
    return sign_hmac(from, what, time);
  case scheme::standard_webhooks:
    return sign_standard(from, what, time);
  case scheme::github:
    return {{"X-Hub-Signature-256", "sha256=" + hex(key().first({what.body}))}};
  case scheme::stripe:
    return {{"Stripe-Signature",
             fmt::format("t={},v1={}", time,
                         hex(key().first({time, ".", what.body})))}};
  case scheme::slack:
    return {{"X-Slack-Signature",
             "v0=" + hex(key().first({"v0:", time, ":", what.body}))},
            {"X-Slack-Request-Timestamp", time}};
  case scheme::shopify:
    return {{"X-Shopify-Hmac-SHA256", base64(key().first({what.body}))}};
  case scheme::gitlab:
    if (secret.starts_with("whsec_"))
      return sign_standard(from, what, time); // the first is the signing token
    return {{"X-Gitlab-Token", secret}};
  case scheme::twilio: {
    const auto form =
        body_hash_in(what.url) ? std::string{} : sorted_form(what.body);
    return {
        {"X-Twilio-Signature",
         base64(keys_of(from, config::digest::sha1).first({what.url, form}))}};
  }
  case scheme::token:
    return {{from.header, from.prefix + secret}};
  case scheme::basic:
    return {{"Authorization", "Basic " + base64(secret)}};
  case scheme::none:
    break;
  }
  return {};
}

} // namespace mfo::signatures
