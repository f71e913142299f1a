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
  login_desk(std::optional<std::string> token,
             std::optional<credentials> login);

  [[nodiscard]] bool may_log_in(std::string_view username,
                                std::string_view password) const;

  /// A new token for `username`, which names its end after an hour; it is not
  /// held to it, so that a test decides when a login is over.
  std::string issue(const std::string& username,
                    std::chrono::system_clock::time_point now);

  /// The user behind the Authorization field's value. "anonymous" if no token
  /// is asked for and none that is known was given; nothing if one is.
  [[nodiscard]] std::optional<std::string>
  user_of(std::string_view authorization);

private:
  std::optional<std::string> token_;
  std::optional<credentials> login_;
  std::array<unsigned char, 32> key_{};
  std::uint64_t issued_ = 0;
  bounded_store<std::string> users_{10'000, 16 * 1024 * 1024};
};

} // namespace mfo::devserver
