#pragma once

#include "api/auth_provider.hpp"

#include "config/secret.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mfo::api {

/// A bearer token that a login brought.
struct granted_token {
  config::secret token;
  /// From now on; nothing: it is used until it is refused.
  std::optional<std::chrono::milliseconds> lifetime{};
};

/// What providers that log in for a bearer token have in common: when a token
/// is used, renewed and dropped, and when a login has to wait. How a login is
/// asked for and read is for the one who derives.
///
/// - Renewed when 80 % of the lifetime are over, and at least 30 s before its
///   end; of a lifetime under a minute, half way.
/// - A refused token is dropped, and `refused` is true: a login can bring
///   another one. But if that one is refused within 10 s, its login counts as
///   one that failed and `refused` is false: what the server gives, it does
///   not take.
/// - After n logins in a row that failed, the next one waits 1 s · 2^(n-1), at
///   most 60 s.
class token_login : public auth_provider {
public:
  std::optional<credentials_set> credentials(time now) final;
  bool renewal_due(time now) const final;
  time login_not_before() const final;
  tl::expected<void, std::string> logged_in(const http::client_result& result,
                                            time now) final;
  bool refused(std::uint64_t generation, time now) final;

protected:
  /// Called when a login is near, so that a secret's file can be looked at.
  /// True: it is another secret now, and a login need not wait any longer.
  virtual bool refresh_secret(time now) = 0;

  /// What a 2xx reply gives. The error is a sentence without secrets.
  virtual tl::expected<granted_token, std::string>
  read_grant(const http::client_response& reply, time now) const = 0;

private:
  [[nodiscard]] tl::expected<granted_token, std::string>
  read_result(const http::client_result& result, time now) const;
  void keep(granted_token granted, time now);
  void count_failure(time now);
  void settle(time now);
  void drop();
  [[nodiscard]] bool is_fresh(time now) const;

  config::secret token_; ///< empty: none
  std::uint64_t generation_ = 0;
  time granted_at_{};
  std::optional<time> renew_at_;
  std::optional<time> ends_at_;
  bool after_refusal_ = false; ///< the token took the place of a refused one
  bool refused_last_ = false;  ///< no token, since the last one was refused
  std::uint64_t useless_ = 0;  ///< last generation that `refused` denied
  unsigned failures_ = 0;      ///< logins in a row
  time not_before_ = time::min();
};

} // namespace mfo::api
