#pragma once

#include "casebook/match.hpp"
#include "casebook/seen.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace mfo::casebook {

/// What is wrong with a step.
struct step_result {
  std::vector<mismatch> mismatches{};
  std::string trouble{}; ///< why it came to no end; empty: it did
};

/// What came of a case.
struct case_result {
  std::string file{};
  int line = 0;
  std::string name{};
  std::vector<step_result> steps{}; ///< those that were done
  std::size_t planned = 1;          ///< steps that it has
  std::chrono::duration<double> took{0};

  [[nodiscard]] bool good() const;
};

/// What is not as it was expected, for people: lines, each ended, each with
/// this many spaces in front of it.
[[nodiscard]] std::string differences(const case_result& result,
                                      std::size_t indent);

/// The report that CI servers read: JUnit's, a suite for each file.
[[nodiscard]] std::string junit_xml(const std::vector<case_result>& results);

} // namespace mfo::casebook
