#include "node/doctor/rules/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mfo::node::doctor {

namespace {

/// Fewer characters can be tried by who has seen one signed request.
constexpr std::size_t sound_size = 16;

constexpr auto make_anew =
    "put a long random one in its place, e.g. of `openssl rand -hex 32`, here "
    "and at who uses it";

/// What stands in examples and templates, in lower case and without what is
/// between the words.
constexpr std::array<std::string_view, 18> stand_ins{
    "changeme",   "changeit",   "changethis",   "replaceme", "placeholder",
    "yoursecret", "yourtoken",  "yourpassword", "secret",    "password",
    "token",      "mysecret",   "mytoken",      "example",   "test",
    "todo",       "insertyour", "supersecret"};

/// These may go on: `change-me-please`, `your-token-here`.
constexpr std::array<std::string_view, 8> beginnings{
    "changeme",   "changethis", "replaceme",    "placeholder",
    "yoursecret", "yourtoken",  "yourpassword", "insertyour"};

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char each : text)
    if (each >= 'A' && each <= 'Z')
      letters += static_cast<char>(each - 'A' + 'a');
    else if ((each >= 'a' && each <= 'z') || (each >= '0' && each <= '9'))
      letters += each;
  return letters;
}

bool is_stand_in(std::string_view text) {
  const auto letters = letters_of(text);
  return std::ranges::find(stand_ins, letters) != stand_ins.end() ||
         std::ranges::any_of(beginnings, [&](std::string_view each) {
           return letters.starts_with(each);
         });
}

bool is_one_character(std::string_view text) {
  return std::ranges::all_of(text,
                             [&](char each) { return each == text.front(); });
}

/// Of user:password the password.
config::secret password_of(const config::secret& pair) {
  const auto& text = pair.reveal();
  return config::secret{text.substr(text.find(':') + 1)};
}

void add_server_secrets(std::vector<named_secret>& all,
                        const config::server_settings& server) {
  using enum config::auth_type;
  const auto add = [&](std::string_view key, const config::secret_source& of) {
    all.push_back(
        {fmt::format("servers.{}.auth.{}", server.name, key), of.value});
  };
  switch (server.auth.type) {
  case none:
    break;
  case bearer:
  case api_key:
    add("token", server.auth.token);
    break;
  case basic:
  case jwt_login:
    add("password", server.auth.password);
    break;
  case oauth2:
    add("client_secret", server.auth.client_secret);
  }
}

} // namespace

std::vector<named_secret> secrets_of(const config::settings& settings) {
  std::vector<named_secret> all;
  for (const auto& each : settings.endpoints)
    for (const auto& one : each.signature.secrets)
      all.push_back({fmt::format("endpoints.{}", each.id),
                     each.signature.scheme == config::signature_scheme::basic
                         ? password_of(one)
                         : one});
  for (const auto& each : settings.admin.tokens)
    all.push_back({"admin.token", each});
  for (const auto& each : settings.servers)
    add_server_secrets(all, each);
  return all;
}

finding judge_secret(const named_secret& what) {
  const auto& text = what.value.reveal();
  if (text.empty())
    return failed(what.subject, "the secret is empty", make_anew);
  if (is_stand_in(text) || is_one_character(text))
    return failed(what.subject,
                  "the secret is one of those that stand in examples",
                  make_anew);
  if (text.find("${") != text.npos)
    return failed(what.subject,
                  "the secret has ${ in it, as if a variable had not been "
                  "filled in",
                  "write the variable as ${NAME} in the configuration, not in "
                  "what it holds");
  if (text.size() < sound_size)
    return warning(what.subject,
                   fmt::format("the secret has fewer than {} characters, and "
                               "can be found by trying",
                               sound_size),
                   make_anew);
  return good(what.subject, "the secret is no stand-in, and long enough");
}

} // namespace mfo::node::doctor
