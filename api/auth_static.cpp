#include "api/auth_static.hpp"

#include "api/fixed_secret.hpp"
#include "api/text.hpp"

#include <algorithm>

namespace mfo::api {

namespace {

/// A token of RFC 9110, section 5.6.2.
bool is_field_name(std::string_view text) {
  constexpr std::string_view delimiters = "\"(),/:;<=>?@[\\]{}";
  return is_visible_ascii(text) && text.find_first_of(delimiters) == text.npos;
}

std::string key_fault(std::string_view key) {
  if (key.starts_with(' ') || key.ends_with(' '))
    return "begins or ends with a space";
  std::string solid{key};
  std::erase(solid, ' ');
  return token_fault(solid);
}

} // namespace

std::string token_fault(std::string_view token) {
  constexpr std::size_t longest = 16 * 1024;
  if (token.size() > longest)
    return "is longer than 16 KiB";
  return is_visible_ascii(token)
             ? ""
             : "has a character that must not stand in a header field: only "
               "visible ASCII may";
}

tl::expected<std::unique_ptr<auth_provider>, std::string>
make_bearer_auth(const config::auth_settings& settings, secret_reader reader) {
  return make_fixed_secret(
      settings.token, std::move(reader), "the token", token_fault,
      [](const std::string& token) {
        return std::pair{std::string{"Authorization"}, "Bearer " + token};
      });
}

tl::expected<std::unique_ptr<auth_provider>, std::string>
make_api_key_auth(const config::auth_settings& settings, secret_reader reader) {
  if (!is_field_name(settings.header))
    return tl::unexpected<std::string>(
        "the header of the API key is no name of a header field");
  return make_fixed_secret(settings.token, std::move(reader), "the API key",
                           key_fault,
                           [header = settings.header](const std::string& key) {
                             return std::pair{header, key};
                           });
}

} // namespace mfo::api
