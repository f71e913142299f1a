#pragma once

#include "node/doctor/finding.hpp"

#include <chrono>
#include <string>

namespace mfo::node::doctor {

/// With fewer days left somebody should do something about it.
inline constexpr std::chrono::days time_to_renew{14};

struct certificate_life {
  std::chrono::sys_seconds begins;
  std::chrono::sys_seconds ends;
};

/// `what` begins a sentence: `the certificate of the CA`.
[[nodiscard]] finding judge_life(const std::string& subject,
                                 const std::string& what,
                                 const certificate_life& life,
                                 std::chrono::sys_seconds now,
                                 const std::string& remedy);

} // namespace mfo::node::doctor
