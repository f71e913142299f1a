#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace mfo::config {

namespace {

namespace auth_key {
constexpr std::string_view type = "type";
constexpr std::string_view token = "token";
constexpr std::string_view token_file = "token_file";
constexpr std::string_view header = "header";
constexpr std::string_view username = "username";
constexpr std::string_view password = "password";
constexpr std::string_view password_file = "password_file";
constexpr std::string_view token_url = "token_url";
constexpr std::string_view client_id = "client_id";
constexpr std::string_view client_secret = "client_secret";
constexpr std::string_view client_secret_file = "client_secret_file";
constexpr std::string_view scope = "scope";
} // namespace auth_key

using names = std::vector<std::string>;

/// The keys that go with a type: all of `required`, exactly one of `secret`.
struct type_keys {
  auth_type type;
  std::string_view name;
  names required;
  names secret;
  names optional;
};

const std::vector<type_keys>& types() {
  static const std::vector<type_keys> all{
      {auth_type::none, "none", {}, {}, {}},
      {auth_type::bearer, "bearer", {}, {"token", "token_file"}, {}},
      {auth_type::api_key, "api_key", {}, {"token", "token_file"}, {"header"}},
      {auth_type::basic,
       "basic",
       {"username"},
       {"password", "password_file"},
       {}},
      {auth_type::jwt_login,
       "jwt_login",
       {"username"},
       {"password", "password_file"},
       {}},
      {auth_type::oauth2,
       "oauth2",
       {"token_url", "client_id"},
       {"client_secret", "client_secret_file"},
       {"scope"}},
  };
  return all;
}

const type_keys& keys_of(auth_type type) {
  return *std::ranges::find(types(), type, &type_keys::type);
}

bool has(const names& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

void refuse_others(const type_keys& mine, const section_view& view,
                   reader& in) {
  for (const auto& spec : view.keys()) {
    const auto given = view.find(spec.key);
    if (given && spec.key != auth_key::type && !has(mine.required, spec.key) &&
        !has(mine.secret, spec.key) && !has(mine.optional, spec.key))
      in.report(given->key_where, given->path,
                fmt::format("means nothing with type {}", mine.name));
  }
}

/// RFC 7617, section 2: the user-id ends at the first colon.
void check_username(const auth_settings& auth, const section_view& view,
                    reader& in) {
  if (auth.type == auth_type::basic &&
      auth.username.find(':') != std::string::npos)
    in.report(view.blame({auth_key::username}), "must not hold a colon");
}

void check_token(const auth_settings& auth, const section_view& view,
                 reader& in) {
  if (!auth.token.value.empty() && !is_bearer_token(auth.token.value.reveal()))
    in.report(view.blame({auth_key::token, auth_key::token_file}),
              "must be visible ASCII characters without spaces, since it is "
              "sent in a header");
}

void finish_auth(auth_settings& auth, const section_view& view, reader& in) {
  if (!view.given(auth_key::type) || !view.sound(auth_key::type))
    return;
  const auto& mine = keys_of(auth.type);
  for (const auto& name : mine.required)
    if (!view.given(name))
      in.report(view.self().key_where, join_path(view.self().path, name),
                "missing required key",
                fmt::format("type {} needs it", mine.name));
  if (!mine.secret.empty())
    require_one(view, mine.secret, in);
  refuse_others(mine, view, in);
  check_username(auth, view, in);
  check_token(auth, view, in);
}

/// Shows a field only with the types that have it.
auto with(std::string_view name) {
  return [name = std::string(name)](const auth_settings& auth) {
    const auto& mine = keys_of(auth.type);
    return has(mine.required, name) || has(mine.optional, name);
  };
}

field<auth_settings> type_field() {
  std::vector<std::pair<std::string, auth_type>> words;
  for (const auto& each : types())
    words.emplace_back(each.name, each.type);
  return value<auth_settings>(
      {.key = std::string(auth_key::type),
       .help = "`none`; `bearer`: a token; `api_key`: a token in a header of "
               "its own; `basic`: user name and password; `jwt_login`: logs in "
               "with them at `paths.login` and uses the token of the reply; "
               "`oauth2`: client credentials.",
       .example = "bearer",
       .required = true},
      &auth_settings::type, one_of<auth_type>(std::move(words)));
}

codec<std::string> any_text() {
  return text("text", "visible characters", parse_visible_text);
}

} // namespace

section<auth_settings> auth_table() {
  using s = auth_settings;
  std::vector<field<s>> fields{type_field()};
  const auto add = [&](field<s> one) {
    fields.push_back(std::move(one));
  };
  const auto add_secret = [&](std::string_view name, std::string help,
                              std::string example, secret_source s::*member) {
    for (auto& one : secret_or_file<s>(std::string(name), std::move(help),
                                       std::move(example), member))
      add(std::move(one));
  };
  add_secret(auth_key::token, "With `bearer` and `api_key`: the token.",
             "${MFO_TOKEN}", &s::token);
  add(value<s>({.key = std::string(auth_key::header),
                .help = "With `api_key`: the header that carries the token. "
                        "None that a call has anyway, such as Content-Type.",
                .example = "X-Token"},
               &s::header,
               text("header", "letters, digits and -", parse_token_header_name))
          .only_if(with(auth_key::header)));
  add(value<s>({.key = std::string(auth_key::username),
                .help = "With `basic` and `jwt_login`.",
                .example = "node-1",
                .default_text = "none"},
               &s::username, any_text())
          .only_if(with(auth_key::username)));
  add_secret(auth_key::password, "With `basic` and `jwt_login`.",
             "${MFO_PASSWORD}", &s::password);
  add(value<s>({.key = std::string(auth_key::token_url),
                .help = "With `oauth2`: where tokens are given out.",
                .example = "https://login.example.com/oauth/token",
                .default_text = "none"},
               &s::token_url,
               text("URL", "http or https; no user, query or fragment",
                    parse_server_url))
          .only_if(with(auth_key::token_url)));
  add(value<s>({.key = std::string(auth_key::client_id),
                .help = "With `oauth2`.",
                .example = "mfo-node",
                .default_text = "none"},
               &s::client_id, any_text())
          .only_if(with(auth_key::client_id)));
  add_secret(auth_key::client_secret, "With `oauth2`.", "${CLIENT_SECRET}",
             &s::client_secret);
  add(value<s>({.key = std::string(auth_key::scope),
                .help = "With `oauth2`: what is asked for, words separated by "
                        "spaces.",
                .example = "events:write",
                .default_text = "none"},
               &s::scope, any_text())
          .only_if([](const s& auth) { return !auth.scope.empty(); }));
  return make_section<s>(std::move(fields), finish_auth);
}

} // namespace mfo::config
