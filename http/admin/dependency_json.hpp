#pragma once

#include "http/dependency.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <vector>

namespace mfo::http {

/// What both clocks say at one moment.
struct moment {
  std::chrono::steady_clock::time_point steady;
  std::chrono::system_clock::time_point wall;
};

/// As docs/reference/health.md has them.
nlohmann::json to_json(const std::vector<dependency>& all, const moment& now);
nlohmann::json to_json(const std::vector<source>& all, const moment& now);

} // namespace mfo::http
