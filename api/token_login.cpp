#include "api/token_login.hpp"

#include "api/api_error.hpp"
#include "api/auth_static.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mfo::api {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds fresh_for{10};
constexpr milliseconds least_margin{30'000};
constexpr seconds first_wait{1};
constexpr seconds longest_wait{60};

/// How long before its end a token is renewed.
milliseconds margin_of(milliseconds lifetime) {
  return std::min(std::max(lifetime / 5, least_margin), lifetime / 2);
}

/// RFC 6749, section 5.2.
constexpr std::array<std::string_view, 6> known_codes{
    "invalid_request",     "invalid_client",         "invalid_grant",
    "unauthorized_client", "unsupported_grant_type", "invalid_scope"};

/// What may be said of a reply that refuses a login. The server's own words
/// might repeat the secret that was sent to it, so none but known ones are.
std::string refusal_of(const http::client_response& reply) {
  const auto error = error_of_reply(reply);
  const auto code = std::find_if(
      known_codes.begin(), known_codes.end(), [&](std::string_view known) {
        return error.server_code == known || error.message == known;
      });
  return fmt::format("the login was answered with {}{}", reply.status,
                     code != known_codes.end() ? fmt::format(" ({})", *code)
                                               : "");
}

} // namespace

std::optional<auth_provider::credentials_set>
token_login::credentials(time now) {
  settle(now);
  if (ends_at_ && now >= *ends_at_)
    drop();
  if ((token_.empty() || renewal_due(now)) && refresh_secret(now)) {
    failures_ = 0;
    not_before_ = time::min();
  }
  if (token_.empty())
    return std::nullopt;
  return credentials_set{{{"Authorization", "Bearer " + token_.reveal()}},
                         generation_};
}

bool token_login::renewal_due(time now) const {
  return !token_.empty() && renew_at_ && now >= *renew_at_ &&
         now >= not_before_;
}

auth_provider::time token_login::login_not_before() const {
  return not_before_;
}

tl::expected<void, std::string>
token_login::logged_in(const http::client_result& result, time now) {
  settle(now);
  auto granted = read_result(result, now);
  if (granted) {
    keep(*std::move(granted), now);
    return {};
  }
  count_failure(now);
  const auto asked = result ? retry_after_of(*result) : std::nullopt;
  if (asked)
    not_before_ = std::max(not_before_,
                           now + std::min<milliseconds>(*asked, longest_wait));
  return tl::unexpected(std::move(granted.error()));
}

tl::expected<granted_token, std::string>
token_login::read_result(const http::client_result& result, time now) const {
  if (!result)
    return tl::unexpected(
        fmt::format("the login got no reply: {}",
                    http::make_error_code(result.error().code).message()));
  if (result->status < 200 || result->status > 299)
    return tl::unexpected(refusal_of(*result));
  auto granted = read_grant(*result, now);
  if (!granted)
    return granted;
  if (const auto fault = token_fault(granted->token.reveal()); !fault.empty())
    return tl::unexpected("the token of the login " + fault);
  return granted;
}

bool token_login::refused(std::uint64_t generation, time now) {
  settle(now);
  if (generation != 0 && generation == useless_)
    return false;
  if (generation != generation_ || token_.empty())
    return true;
  const bool useless = after_refusal_ && is_fresh(now);
  drop();
  refused_last_ = true;
  if (!useless)
    return true;
  useless_ = generation;
  count_failure(now);
  return false;
}

void token_login::keep(granted_token granted, time now) {
  token_ = std::move(granted.token);
  ++generation_;
  granted_at_ = now;
  after_refusal_ = std::exchange(refused_last_, false);
  not_before_ = time::min();
  ends_at_.reset();
  renew_at_.reset();
  if (granted.lifetime) {
    ends_at_ = now + *granted.lifetime;
    renew_at_ = *ends_at_ - margin_of(*granted.lifetime);
  }
}

void token_login::count_failure(time now) {
  failures_ = std::min(failures_ + 1, 16u);
  const auto wait = first_wait * (1u << (failures_ - 1));
  not_before_ = now + std::min<seconds>(wait, longest_wait);
}

/// A token that has outlived its freshness is good: that ends the row of
/// failures. So a server that takes none of its own tokens is asked for one
/// less and less often. Who would have to wait for longer than anybody has to
/// has had the clock put back, and has waited.
void token_login::settle(time now) {
  if (not_before_ > now + longest_wait)
    not_before_ = now;
  if (!token_.empty() && not_before_ == time::min() && !is_fresh(now))
    failures_ = 0;
}

void token_login::drop() {
  token_ = {};
  renew_at_.reset();
  ends_at_.reset();
}

bool token_login::is_fresh(time now) const {
  return now >= granted_at_ && now < granted_at_ + fresh_for;
}

} // namespace mfo::api
