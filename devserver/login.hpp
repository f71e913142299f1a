#pragma once

#include "devserver/bounded_store.hpp"
#include "devserver/options.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::devserver {

/// Gives out tokens and knows whose they are. A token is a JWT (RFC 7519),
/// signed by HS256 with a key made up at start; the last 10,000 are valid.
class login_desk {
public:
  using time = std::chrono::system_clock::time_point;

  /// See `options` for all three.
  login_desk(std::optional<std::string> token, std::optional<credentials> login,
             std::optional<std::chrono::seconds> lifetime = {});

  [[nodiscard]] bool may_log_in(std::string_view username,
                                std::string_view password) const;

  /// A new token for `username`.
  std::string issue(const std::string& username, time now);

  /// How long a new token says that it is good.
  [[nodiscard]] std::chrono::seconds lifetime() const noexcept;

  /// The user behind the Authorization field's value. "anonymous" if no token
  /// is asked for and none that is known was given; nothing if one is, or if
  /// the token is over.
  [[nodiscard]] std::optional<std::string>
  user_of(std::string_view authorization, time now);

private:
  struct holder {
    std::string user;
    std::optional<time> until; ///< nothing: for ever
  };

  std::optional<std::string> token_;
  std::optional<credentials> login_;
  std::optional<std::chrono::seconds> lifetime_;
  std::array<unsigned char, 32> key_{};
  std::uint64_t issued_ = 0;
  bounded_store<holder> holders_{10'000, 16 * 1024 * 1024};
};

} // namespace mfo::devserver
