#include "api/login.hpp"

#include "config/units.hpp"

namespace mfo::api {

namespace {

constexpr double longest = 10.0 * 365 * 24 * 3600;

std::string token_in(const json& body) {
  for (const auto* name : {"token", "access_token"})
    if (const auto* token = find_member(body, name);
        token != nullptr && token->is_string())
      return token->get<std::string>();
  const auto* data = find_member(body, "data");
  return data == nullptr ? std::string{} : optional_text(*data, "token");
}

} // namespace

call_result make_login_call(const config::path_settings& paths,
                            const login_request& request) {
  return with_json(
      {.what = operation::login, .method = "POST", .target = paths.login},
      {{"username", request.username},
       {"password", request.password.reveal()}});
}

tl::expected<login_reply, api_error>
parse_login_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  auto token = token_in(*body);
  if (token.empty()) {
    auto missing = required_text(*body, "", "token");
    return tl::unexpected(missing ? wrong_type("/token", "a token")
                                  : std::move(missing.error()));
  }
  return login_reply{config::secret{std::move(token)}, expires_in(*body)};
}

std::optional<std::chrono::seconds> expires_in(const json& body) {
  const auto* given = find_member(body, "expires_in");
  if (given == nullptr)
    return std::nullopt;
  double seconds = 0;
  if (given->is_number())
    seconds = given->get<double>();
  else if (given->is_string())
    seconds = static_cast<double>(
        config::parse_integer(given->get_ref<const std::string&>())
            .value_or(0));
  if (!(seconds >= 1 && seconds <= longest))
    return std::nullopt;
  return std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

} // namespace mfo::api
