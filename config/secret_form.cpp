#include "config/secret_form.hpp"

#include <algorithm>
#include <cstddef>

namespace mfo::config {

namespace {

constexpr std::string_view shared_mark{"whsec_"};
constexpr std::string_view public_mark{"whpk_"};

/// How many bytes the text stands for; 0: none, or it is not base64 (RFC 4648,
/// section 4).
std::size_t base64_bytes(std::string_view text) {
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  const auto last = text.find_last_not_of('=');
  if (last == std::string_view::npos || text.size() % 4 != 0)
    return 0;
  const auto padding = text.size() - last - 1;
  if (padding > 2 || !std::ranges::all_of(text.substr(0, last + 1), is_digit))
    return 0;
  return text.size() / 4 * 3 - padding;
}

std::string_view flaw_of_shared_key(std::string_view text) {
  constexpr std::size_t shortest = 16;
  if (text.starts_with(shared_mark))
    text.remove_prefix(shared_mark.size());
  const auto bytes = base64_bytes(text);
  if (bytes == 0)
    return "must be whsec_ and base64, or whpk_ and base64";
  return bytes < shortest ? "is too short: must be 16 bytes in base64 at least"
                          : "";
}

std::string_view flaw_of_public_key(std::string_view text) {
  constexpr std::size_t ed25519_size = 32;
  return base64_bytes(text.substr(public_mark.size())) == ed25519_size
             ? ""
             : "must be whpk_ and 32 bytes in base64";
}

} // namespace

std::string_view flaw_of_secret(signature_scheme scheme,
                                std::string_view secret) {
  const bool shared = secret.starts_with(shared_mark);
  if (secret.empty())
    return "must not be empty";
  switch (scheme) {
  case signature_scheme::standard_webhooks:
    return secret.starts_with(public_mark) ? flaw_of_public_key(secret)
                                           : flaw_of_shared_key(secret);
  case signature_scheme::gitlab:
    if (!shared)
      return "";
    return base64_bytes(secret.substr(shared_mark.size())) == 0
               ? "must be base64 after whsec_"
               : flaw_of_shared_key(secret);
  case signature_scheme::stripe:
    return shared && secret.size() > shared_mark.size()
               ? ""
               : "must begin with whsec_: an endpoint's secret, not an API key";
  case signature_scheme::basic:
    return secret.find(':') != std::string_view::npos && secret != ":"
               ? ""
               : "must be user:password";
  default:
    return "";
  }
}

} // namespace mfo::config
