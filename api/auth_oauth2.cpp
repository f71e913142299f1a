#include "api/auth_oauth2.hpp"

#include "api/auth_basic.hpp"
#include "api/login.hpp"
#include "api/path.hpp"
#include "api/token_login.hpp"
#include "core/text.hpp"
#include "http/origin.hpp"

#include <utility>

namespace mfo::api {

namespace {

/// Any secret has a form that can be sent: it is form-urlencoded first.
std::string no_fault(std::string_view) {
  return {};
}

class oauth2_auth final : public token_login {
public:
  oauth2_auth(http::url_parts to, std::string client_id, secret_file secret,
              std::string scope)
    : to_(std::move(to)), client_id_(std::move(client_id)),
      secret_(std::move(secret)), scope_(std::move(scope)) {}

  std::string login_origin() const override {
    return to_.server.url();
  }

  http::client_request login_request() override {
    http::client_request request;
    request.target = to_.target;
    // RFC 6749, section 2.3.1: each is form-urlencoded before it is joined.
    // Where that encoding writes "+" for a space, %20 means the same.
    request.headers = {
        {"Content-Type", "application/x-www-form-urlencoded"},
        {"Accept", "application/json"},
        {"Authorization",
         basic_credentials(percent_encoded(client_id_),
                           percent_encoded(secret_.value().reveal()))}};
    std::string body = "grant_type=client_credentials";
    if (!scope_.empty())
      body += "&scope=" + percent_encoded(scope_);
    request.body = std::make_shared<const std::string>(std::move(body));
    return request;
  }

protected:
  bool refresh_secret(time now) override {
    return secret_.refresh(now);
  }

  tl::expected<granted_token, std::string>
  read_grant(const http::client_response& reply, time) const override {
    const auto body = read_reply(reply);
    const auto token = body ? required_text(*body, "", "access_token")
                            : tl::make_unexpected(body.error());
    if (!token)
      return tl::unexpected("the token endpoint's reply is of no use: " +
                            token.error().message);
    // Section 7.1: a token of a type that isn't understood must not be used.
    const auto type = optional_text(*body, "token_type");
    if (!type.empty() && core::lower_case(type) != "bearer")
      return tl::unexpected<std::string>(
          "the token endpoint gave a token that is no bearer token");
    return granted_token{config::secret{*token}, expires_in(*body)};
  }

private:
  http::url_parts to_;
  std::string client_id_;
  secret_file secret_;
  std::string scope_;
};

} // namespace

tl::expected<std::unique_ptr<auth_provider>, std::string>
make_oauth2_auth(const config::auth_settings& settings, secret_reader reader) {
  auto to = http::parse_url(settings.token_url);
  if (!to)
    return tl::unexpected("token_url: " + to.error());
  if (settings.client_id.empty())
    return tl::unexpected<std::string>("the client id is missing");
  secret_file secret{settings.client_secret, std::move(reader), no_fault};
  if (secret.value().empty())
    return tl::unexpected<std::string>("the client secret is missing");
  return std::make_unique<oauth2_auth>(*std::move(to), settings.client_id,
                                       std::move(secret), settings.scope);
}

} // namespace mfo::api
