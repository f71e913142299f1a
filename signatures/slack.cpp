// https://docs.slack.dev/authentication/verifying-requests-from-slack

#include "core/text_encoding.hpp"
#include "signatures/schemes.hpp"

#include <nlohmann/json.hpp>

namespace mfo::signatures {

namespace {

constexpr std::string_view slack_header{"X-Slack-Signature"};
constexpr std::string_view time_header{"X-Slack-Request-Timestamp"};

class slack final : public verifier {
public:
  explicit slack(const settings& from)
    : keys_(keys_of(from, config::digest::sha256)), tolerance_(from.tolerance) {
  }

  verdict verify(const signed_request& request,
                 std::chrono::seconds now) const override {
    const auto signature = request.fields.find(slack_header);
    if (!signature)
      return missing(slack_header);
    const auto signed_at = request.fields.find(time_header);
    if (!signed_at)
      return missing(time_header);
    const auto text = without_prefix(*signature, "v0=");
    const auto claimed = text ? core::decode_hex(*text) : std::nullopt;
    if (!claimed)
      return reject(flaw::malformed, "X-Slack-Signature is not v0=<hex>");
    if (auto good = check_time(*signed_at, now, tolerance_); !good)
      return good;
    if (!keys_.matches(*claimed, {"v0:", *signed_at, ":", request.body}))
      return mismatch(slack_header, keys_.key_count());
    return {};
  }

private:
  const keyed_hash keys_;
  const std::chrono::milliseconds tolerance_;
};

} // namespace

std::unique_ptr<verifier> make_slack(const settings& from) {
  return std::make_unique<slack>(from);
}

std::optional<std::string> slack_challenge(std::string_view body) {
  // It is short; what is long is not parsed a second time.
  constexpr std::size_t longest = 4096;
  if (body.size() > longest ||
      body.find("url_verification") == std::string_view::npos)
    return std::nullopt;
  const auto read = nlohmann::json::parse(body, nullptr, false);
  if (!read.is_object() || read.value("type", nlohmann::json{}) !=
                               nlohmann::json("url_verification"))
    return std::nullopt;
  const auto challenge = read.find("challenge");
  if (challenge == read.end() || !challenge->is_string())
    return std::nullopt;
  return nlohmann::json{{"challenge", *challenge}}.dump();
}

} // namespace mfo::signatures
