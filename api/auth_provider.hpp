#pragma once

#include "http/client.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mfo::api {

/// Who this node is to one server: gives the fields that authorise a call,
/// and says when and how to log in. Sends nothing itself and has no clock, so
/// that whoever owns it decides. Not thread-safe: it has one owner.
///
/// The owner's part: before a call, ask for `credentials`. Nothing: send
/// `login_request` once, however many calls wait (`login_turn` sees to that),
/// not before `login_not_before`, and hand the result to `logged_in`. While
/// `renewal_due`, do the same beside the calls. After each 401, ask `refused`
/// with the credentials' generation that the call carried: true means that the
/// call may be sent once more, with new credentials.
class auth_provider {
public:
  using time = std::chrono::system_clock::time_point;

  /// The fields that authorise a call, and which edition of them this is.
  struct credentials_set {
    http::header_list headers;
    std::uint64_t generation = 0;
  };

  virtual ~auth_provider() = default;

  /// Nothing: a login is needed first.
  virtual std::optional<credentials_set> credentials(time now) = 0;

  /// Whether a login is due although there are credentials; they are good
  /// while it runs.
  virtual bool renewal_due(time) const {
    return false;
  }

  /// The origin that `login_request` goes to; empty: the server's own.
  virtual std::string login_origin() const {
    return {};
  }

  /// Before then no login is to be sent: those before it failed. Whoever needs
  /// one waits, or gives up.
  virtual time login_not_before() const {
    return time::min();
  }

  /// Requires: `credentials` gave nothing, or `renewal_due`.
  virtual http::client_request login_request() {
    return {};
  }

  /// What became of it. The error is a sentence without secrets; credentials
  /// that are still good stay.
  virtual tl::expected<void, std::string> logged_in(const http::client_result&,
                                                    time) {
    return {};
  }

  /// The server answered 401 to credentials of this generation. True: there
  /// are, or a login can bring, other ones than those. False: the call has
  /// failed, for another login would help no more than the last one.
  virtual bool refused(std::uint64_t generation, time now) = 0;
};

/// Lets one login be under way at a time. Pure; same owner as the provider.
class login_turn {
public:
  /// Whether to send a login now: one is due, allowed, and not under way. If
  /// so, call `ended` when its result is known.
  bool begin(auth_provider& who, auth_provider::time now) {
    if (under_way_)
      return false;
    const bool due = !who.credentials(now) || who.renewal_due(now);
    under_way_ = due && now >= who.login_not_before();
    return under_way_;
  }

  void ended() noexcept {
    under_way_ = false;
  }

  [[nodiscard]] bool under_way() const noexcept {
    return under_way_;
  }

private:
  bool under_way_ = false;
};

} // namespace mfo::api
