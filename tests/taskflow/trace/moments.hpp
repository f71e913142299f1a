#pragma once

#include "taskflow/trace/spans.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mfo::taskflow::tests {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// The moments of a run, written down by hand; times are since it began.
class moments {
public:
  moments& began(std::string path, microseconds at) {
    return add(task_moment::kind::began, std::move(path), at, {}, {}, 1);
  }

  moments& again(std::string path, microseconds at, unsigned attempts) {
    return add(task_moment::kind::tried_again, std::move(path), at, {}, {},
               attempts);
  }

  moments& ended(std::string path, microseconds at,
                 task_outcome outcome = task_outcome::succeeded,
                 std::optional<run_error> error = {}, unsigned attempts = 1) {
    return add(task_moment::kind::ended, std::move(path), at, outcome,
               std::move(error), attempts);
  }

  /// A task and its end.
  moments& took(const std::string& path, microseconds from, microseconds to) {
    return began(path, from).ended(path, to);
  }

  [[nodiscard]] traced_run
  run(microseconds until,
      std::optional<task_outcome> outcome = task_outcome::succeeded) const {
    return {.workflow = "shop",
            .taskflow = "main",
            .began = start,
            .ended = start + until,
            .outcome = outcome,
            .moments = all};
  }

  static constexpr run::clock::time_point start{std::chrono::hours{5}};
  std::vector<task_moment> all;

private:
  moments& add(task_moment::kind what, std::string path, microseconds at,
               std::optional<task_outcome> outcome,
               std::optional<run_error> error, unsigned attempts) {
    all.push_back({.what = what,
                   .path = std::move(path),
                   .type = "set",
                   .at = start + at,
                   .outcome = outcome.value_or(task_outcome::succeeded),
                   .error = std::move(error),
                   .attempts = attempts});
    return *this;
  }
};

} // namespace mfo::taskflow::tests
