#pragma once

#include "node/doctor/finding.hpp"

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace mfo::node::doctor {

/// What the system's resolver said of a name, one time.
struct lookup_seen {
  std::set<std::string> addresses{};
  std::string error{}; ///< empty: there are addresses
  bool late = false;   ///< there was no answer in time
  std::chrono::milliseconds took{0};
};

/// A name, what needs it, and what it was found to be, the first time and the
/// second.
struct name_seen {
  std::string subject; ///< `servers.default`
  std::string name;
  lookup_seen first;
  lookup_seen second;
};

[[nodiscard]] finding judge_name(const name_seen& seen);

} // namespace mfo::node::doctor
