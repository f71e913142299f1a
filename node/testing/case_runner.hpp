#pragma once

#include "node/command.hpp"

#include "casebook/case.hpp"
#include "casebook/report.hpp"

#include <string>
#include <vector>

namespace mfo::node {

/// What came of a case, and the node's log of it.
struct case_run {
  casebook::case_result result;
  std::vector<std::string> log; ///< lines, as text
};

/// Runs cases of one configuration, each with a node of its own: real but for
/// the time, for whom it calls and where it listens.
class case_runner {
public:
  /// `file` is what the configuration is called in messages. With `logs` there
  /// is a log.
  case_runner(configuration what, std::string file, bool logs);

  [[nodiscard]] case_run run(const casebook::test_case& what,
                             const std::string& book) const;

private:
  configuration what_;
  std::string file_;
};

} // namespace mfo::node
