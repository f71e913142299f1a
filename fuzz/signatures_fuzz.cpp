// Signatures: nobody who has no secret gets past any scheme, whatever the
// fields, the target and the body; the reason tells nothing of the request;
// what a sender signs is verified, and no longer when a byte of it is another.

#include "core/header_fields.hpp"
#include "core/json_grammar.hpp"
#include "core/text_encoding.hpp"
#include "fuzz/target.hpp"
#include "signatures/signer.hpp"
#include "signatures/verifier.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mfo::fuzz {

namespace {

using config::signature_scheme;

constexpr std::chrono::seconds now{1'614'265'330};

struct scheme {
  config::signature_settings settings;
  std::unique_ptr<signatures::verifier> verifier;
};

config::signature_settings settings_of(signature_scheme which) {
  config::signature_settings settings;
  settings.scheme = which;
  const std::string key{"not to be guessed by any fuzzer"};
  const std::span bytes{reinterpret_cast<const std::uint8_t*>(key.data()),
                        key.size()};
  if (which == signature_scheme::standard_webhooks)
    settings.secrets.emplace_back("whsec_" + core::encode_base64(bytes));
  else if (which == signature_scheme::basic)
    settings.secrets.emplace_back("user:" + key);
  else
    settings.secrets.emplace_back(key);
  settings.public_url = "https://example.com/hook";
  return settings;
}

std::vector<scheme> all_schemes() {
  using enum signature_scheme;
  std::vector<config::signature_settings> settings;
  for (const auto which : {hmac, standard_webhooks, github, stripe, slack,
                           shopify, gitlab, twilio, token, basic})
    settings.push_back(settings_of(which));
  auto timed = settings_of(hmac);
  timed.algorithm = config::digest::sha512;
  timed.signature_encoding = config::encoding::base64;
  timed.prefix = "v1,";
  timed.signed_content = "a{timestamp}.{id}:{body}z";
  timed.id_header = "X-Id";
  timed.timestamp_header = "X-Timestamp";
  settings.push_back(timed);
  auto gitlab_signed = settings_of(gitlab);
  gitlab_signed.secrets = settings_of(standard_webhooks).secrets;
  settings.push_back(gitlab_signed);
  std::vector<scheme> all;
  for (const auto& each : settings)
    all.push_back({each, signatures::make_verifier(each)});
  return all;
}

void forge(const scheme& one, const core::header_fields& fields,
           std::string_view target, std::string_view body) {
  const auto result = one.verifier->verify({fields, target, body}, now);
  require(!result);
  const auto& detail = result.error().detail;
  require(!detail.empty() && detail.find('\n') == std::string::npos);
  require(detail.find(one.settings.secrets.front().reveal()) ==
          std::string::npos);
}

/// A scheme that signs the body: not those whose field is the secret itself.
bool signs_body(const config::signature_settings& settings) {
  using enum signature_scheme;
  return settings.scheme != token && settings.scheme != basic &&
         settings.scheme != twilio && // signs what a form says
         (settings.scheme != gitlab ||
          settings.secrets.front().reveal().starts_with("whsec_"));
}

void sign(const scheme& one, std::string body) {
  if (!signs_body(one.settings))
    return;
  const auto made = signatures::sign(
      one.settings, {.body = body, .id = "msg_1", .url = "", .unix_now = now});
  core::header_fields fields;
  for (const auto& [name, value] : made)
    fields.add(name, value);
  require(one.verifier->verify({fields, "/hook", body}, now).has_value());
  body.push_back('x');
  require(!one.verifier->verify({fields, "/hook", body}, now));
  body.pop_back();
  if (body.empty())
    return;
  body.front() = static_cast<char>(body.front() ^ 1);
  require(!one.verifier->verify({fields, "/hook", body}, now));
}

} // namespace

/// Lines of name:value, one that begins with a slash being the target; behind
/// an empty one the body.
void run(std::string_view input) {
  static const auto schemes = all_schemes();
  core::header_fields fields;
  std::string_view target{"/hook"};
  while (!input.empty()) {
    const auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    if (line.empty())
      break;
    const auto colon = line.find(':');
    if (line.starts_with('/'))
      target = line;
    else if (colon != std::string_view::npos)
      fields.add(line.substr(0, colon), line.substr(colon + 1));
  }
  for (const auto& each : schemes)
    forge(each, fields, target, input);
  // One of them, for the sake of time.
  sign(schemes[input.size() % schemes.size()], std::string{input});
  if (const auto answer = signatures::slack_challenge(input))
    require(core::is_json_text(*answer, 1));
}

} // namespace mfo::fuzz
