#include "devserver/api.hpp"

#include "core/text_encoding.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

/// Tokens: by user name and password, and by OAuth 2.0 client credentials.
namespace mfo::devserver {

namespace {

using nlohmann::json;

/// application/x-www-form-urlencoded, where "+" is a space.
std::string form_decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decoded(spaced);
}

/// Of HTTP Basic as RFC 6749, section 2.3.1, has it: both are form-urlencoded.
std::optional<credentials> basic_client(std::string_view authorization) {
  constexpr std::string_view scheme = "Basic ";
  if (!authorization.starts_with(scheme))
    return std::nullopt;
  const auto bytes = core::decode_base64(authorization.substr(scheme.size()));
  if (!bytes)
    return std::nullopt;
  const std::string pair(bytes->begin(), bytes->end());
  const auto colon = pair.find(':');
  if (colon == pair.npos)
    return std::nullopt;
  return credentials{form_decoded(std::string_view(pair).substr(0, colon)),
                     form_decoded(std::string_view(pair).substr(colon + 1))};
}

/// RFC 6749, section 5.2.
reply oauth_error(int status, const char* code) {
  auto refusal = json_reply(status, {{"error", code}});
  refusal.headers.emplace_back("Cache-Control", "no-store");
  if (status == 401)
    refusal.headers.emplace_back("WWW-Authenticate",
                                 R"(Basic realm="mfo-dev-server")");
  return refusal;
}

} // namespace

reply api::log_in(request& req, const context&) {
  const auto body = json::parse(req.body, nullptr, false);
  const auto text = [&](const char* name) -> std::optional<std::string> {
    if (!body.is_object() || !body.contains(name) || !body[name].is_string())
      return std::nullopt;
    return body[name].get<std::string>();
  };
  const auto username = text("username");
  const auto password = text("password");
  if (!username || !password)
    return error_reply(400, "username and password are asked for");
  if (!desk_.may_log_in(*username, *password))
    return error_reply(401, "wrong username or password");
  return json_reply(200,
                    {{"token", desk_.issue(*username, settings_.clock())}});
}

/// RFC 6749, section 4.4.
reply api::give_token(request& req, const context&) {
  const auto client = basic_client(req.headers.find("authorization"));
  if (!client || !desk_.may_log_in(client->username, client->password))
    return oauth_error(401, "invalid_client");
  const auto grant = form_value(req.body, "grant_type");
  if (!grant)
    return oauth_error(400, "invalid_request");
  if (*grant != "client_credentials")
    return oauth_error(400, "unsupported_grant_type");
  json given{{"access_token", desk_.issue(client->username, settings_.clock())},
             {"token_type", "Bearer"},
             {"expires_in", desk_.lifetime().count()}};
  if (const auto scope = form_value(req.body, "scope"))
    given["scope"] = form_decoded(*scope);
  auto answer = json_reply(200, given);
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

} // namespace mfo::devserver
