#pragma once

#include "node/doctor/catalogue.hpp"
#include "node/doctor/patient.hpp"
#include "node/doctor/report.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <vector>

namespace mfo::node::doctor {

/// A check that asks others has this much longer than `patient::timeout`, which
/// each of its steps keeps by itself where the libraries let it.
inline constexpr std::chrono::seconds grace{3};

struct examination {
  std::vector<checked> all; ///< in the order of `checks`
  /// A check has not ended, and goes on on a thread of its own: a library waits
  /// for somebody who does not answer. The process must end without waiting.
  bool abandoned = false;
};

/// Makes the checks (none of them `config_check`): first those of this host,
/// one after the other, then those that ask others, all at the same time.
[[nodiscard]] examination examine(std::shared_ptr<const patient> of,
                                  std::span<const check_entry* const> checks);

} // namespace mfo::node::doctor
