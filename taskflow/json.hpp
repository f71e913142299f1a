#pragma once

#include <nlohmann/json.hpp>

#include <memory>

namespace mfo::taskflow {

using json = nlohmann::json;

/// A value that several hold at once; never changed once it is shared.
using json_ptr = std::shared_ptr<const json>;

} // namespace mfo::taskflow
