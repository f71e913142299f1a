#pragma once

#include "node/doctor/finding.hpp"
#include "node/doctor/patient.hpp"

#include <span>
#include <string_view>

namespace mfo::node::doctor {

/// That the configuration can be loaded, which all the others need.
inline constexpr std::string_view config_check = "config";

struct check_entry {
  std::string_view name; ///< stable: for `--only` and programs
  std::string_view help; ///< what it looks at, in a few words
  /// Null: of `config_check`, which is made before there is a patient.
  findings (*look)(const patient&) = nullptr;
  bool asks_others = false; ///< it may wait for them
};

/// All of them, in the order in which they are told.
[[nodiscard]] std::span<const check_entry> catalogue() noexcept;

} // namespace mfo::node::doctor
