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
/// `login_request` once, however many calls wait, and hand the result to
/// `logged_in`. While `renewal_due`, do the same beside the calls. After a
/// 401, ask `refused` with the credentials' generation that the call carried:
/// true means that the call may be sent once more, with new credentials.
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
  /// are, or a login can bring, other ones than those.
  virtual bool refused(std::uint64_t generation, time now) = 0;
};

} // namespace mfo::api
