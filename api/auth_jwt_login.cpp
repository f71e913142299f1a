#include "api/auth_jwt_login.hpp"

#include "api/jwt.hpp"
#include "api/login.hpp"
#include "api/token_login.hpp"

#include "config/text.hpp"

#include <utility>

namespace mfo::api {

namespace {

/// What JSON can't carry.
std::string password_fault(std::string_view password) {
  return config::first_invalid_utf8(password) ? "is not UTF-8" : "";
}

class jwt_login_auth final : public token_login {
public:
  jwt_login_auth(std::string username, secret_file password,
                 config::path_settings paths)
    : username_(std::move(username)), password_(std::move(password)),
      paths_(std::move(paths)) {}

  http::client_request login_request() override {
    // Can't fail: both texts are known to be UTF-8.
    const auto to =
        make_login_call(paths_, {username_, password_.value()}).value();
    http::client_request request;
    request.method = to.method;
    request.target = to.target;
    request.headers = {{"Content-Type", to.content_type},
                       {"Accept", to.accept}};
    request.body = to.body;
    return request;
  }

protected:
  bool refresh_secret(time now) override {
    return password_.refresh(now);
  }

  tl::expected<granted_token, std::string>
  read_grant(const http::client_response& reply, time now) const override {
    auto granted = parse_login_reply(reply);
    if (!granted)
      return tl::unexpected("the login's reply is of no use: " +
                            granted.error().message);
    auto lifetime = jwt_lifetime(granted->token.reveal(), now);
    if (!lifetime && granted->lifetime)
      lifetime = *granted->lifetime;
    return granted_token{std::move(granted->token), lifetime};
  }

private:
  std::string username_;
  secret_file password_;
  config::path_settings paths_;
};

} // namespace

tl::expected<std::unique_ptr<auth_provider>, std::string>
make_jwt_login_auth(const config::auth_settings& settings,
                    const config::path_settings& paths, secret_reader reader) {
  const auto& name = settings.username;
  if (name.empty())
    return tl::unexpected<std::string>("the user name is missing");
  if (config::first_invalid_utf8(name))
    return tl::unexpected<std::string>("the user name is not UTF-8");
  secret_file password{settings.password, std::move(reader), password_fault};
  if (password.value().empty())
    return tl::unexpected<std::string>("the password is missing");
  if (const auto fault = password_fault(password.value().reveal());
      !fault.empty())
    return tl::unexpected("the password " + fault);
  return std::make_unique<jwt_login_auth>(name, std::move(password), paths);
}

} // namespace mfo::api
