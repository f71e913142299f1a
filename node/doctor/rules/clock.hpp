#pragma once

#include "node/doctor/finding.hpp"

#include "config/settings.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace mfo::node::doctor {

/// The Date of a server's answer beside this host's clock.
struct date_seen {
  std::string subject; ///< `servers.default`
  /// Of this host when the request was sent, and when the answer was here.
  std::chrono::system_clock::time_point asked;
  std::chrono::system_clock::time_point answered{};
  std::chrono::system_clock::time_point date{}; ///< cut to the second
};

/// The least that a signature of an endpoint may be off; nothing where none has
/// a time.
[[nodiscard]] std::optional<std::chrono::milliseconds>
least_tolerance(const config::settings& settings);

/// `tolerance`: as least_tolerance has it, or the default of a signature.
[[nodiscard]] finding judge_date(const date_seen& seen,
                                 std::chrono::milliseconds tolerance);

/// What the kernel says of its clock (adjtimex(2)).
struct kernel_clock {
  bool known = false;        ///< it may be asked
  bool synchronised = false; ///< something sets it
  std::chrono::microseconds max_error{0};
};

[[nodiscard]] finding judge_kernel_clock(const kernel_clock& seen);

} // namespace mfo::node::doctor
