#pragma once

#include "casebook/case.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace mfo::node {

/// What is made of a recording.
struct recorded_cases {
  std::vector<casebook::test_case> cases{};
  /// Of how many requests no case is made, by why.
  std::map<std::string, std::size_t> left_out{};
};

/// Cases that expect of each request what became of it. `reply` is what
/// `POST /api/v1/endpoints/ID/recording` answered; what is not as it should be
/// is passed over.
[[nodiscard]] recorded_cases make_cases(const nlohmann::json& reply);

} // namespace mfo::node
