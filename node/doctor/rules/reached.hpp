#pragma once

#include "node/doctor/finding.hpp"
#include "node/doctor/rules/expiry.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mfo::node::doctor {

/// How far a connection came.
enum class reach_stage : std::uint8_t { name, connect, tunnel, tls, there };

struct reach_seen {
  /// Where it failed; `there`: nowhere.
  reach_stage stopped_at = reach_stage::there;
  std::string error{};  ///< in words; empty with `there`
  int proxy_status = 0; ///< of the reply to CONNECT; 0: there was none
  std::optional<certificate_life> certificate{}; ///< the server's

  [[nodiscard]] bool failed() const noexcept {
    return stopped_at != reach_stage::there;
  }
};

/// Of a server at `where`, by the proxy `via` or, if that is empty, without.
/// Nothing is wrong: what its certificate is worth, or that it answers.
[[nodiscard]] finding judge_reach(const std::string& subject,
                                  const std::string& where,
                                  const std::string& via,
                                  const reach_seen& seen,
                                  std::chrono::sys_seconds now);

/// The same way, seen from the proxy alone: TLS is the server's.
[[nodiscard]] finding judge_proxy(const std::string& subject,
                                  const std::string& via,
                                  const std::string& where,
                                  const reach_seen& seen);

} // namespace mfo::node::doctor
