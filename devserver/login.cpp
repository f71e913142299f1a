#include "devserver/login.hpp"

#include "devserver/reply.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>

namespace mfo::devserver {

namespace {

/// RFC 4648, section 5, without padding as RFC 7515 has it.
std::string base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  text.erase(std::min(text.find('='), text.size()));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::string hmac_sha256(const std::array<unsigned char, 32>& key,
                        std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       mac.data(), &length);
  return {reinterpret_cast<const char*>(mac.data()), length};
}

} // namespace

login_desk::login_desk(std::optional<std::string> token,
                       std::optional<credentials> login,
                       std::optional<std::chrono::seconds> lifetime)
  : token_(std::move(token)), login_(std::move(login)), lifetime_(lifetime) {
  RAND_bytes(key_.data(), static_cast<int>(key_.size()));
}

bool login_desk::may_log_in(std::string_view username,
                            std::string_view password) const {
  return !login_ ||
         (login_->username == username && login_->password == password);
}

std::chrono::seconds login_desk::lifetime() const noexcept {
  return lifetime_.value_or(std::chrono::hours{1});
}

std::string login_desk::issue(const std::string& username, time now) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch())
          .count();
  auto token =
      base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' +
      base64url(fmt::format(R"({{"sub":{},"iat":{},"exp":{},"jti":"{}"}})",
                            json_text(username), seconds,
                            seconds + lifetime().count(), ++issued_));
  token.append(".").append(base64url(hmac_sha256(key_, token)));
  const auto until = lifetime_ ? std::optional{now + *lifetime_} : std::nullopt;
  holders_.put(token, {username, until}, username.size());
  return token;
}

std::optional<std::string> login_desk::user_of(std::string_view authorization,
                                               time now) {
  // RFC 9110, section 11.1: the scheme's case does not matter.
  constexpr std::size_t scheme = std::string_view("Bearer ").size();
  const auto prefix = authorization.substr(0, scheme);
  const bool bearer = prefix == "Bearer " || prefix == "bearer ";
  const std::string token(bearer ? authorization.substr(scheme)
                                 : std::string_view{});
  if (const auto* known = holders_.find(token)) {
    if (known->until && now >= *known->until)
      return std::nullopt;
    return known->user;
  }
  if (token_ && token == *token_)
    return "token";
  if (token_ || login_)
    return std::nullopt;
  return "anonymous";
}

} // namespace mfo::devserver
