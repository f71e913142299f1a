#pragma once

#include "node/doctor/finding.hpp"

#include <string>

namespace mfo::node::doctor {

/// What is there of a folder for dead letters.
struct folder_seen {
  std::string subject; ///< `dead_letters.disk`
  std::string path;
  bool is_there = false;
  bool is_folder = false;
  bool writable = false; ///< it, or the nearest folder above it that is there
};

[[nodiscard]] finding judge_folder(const folder_seen& seen);

/// Of a store: `failure` is what it said; empty: it is there.
[[nodiscard]] finding judge_store(const std::string& subject,
                                  const std::string& where,
                                  const std::string& failure);

} // namespace mfo::node::doctor
