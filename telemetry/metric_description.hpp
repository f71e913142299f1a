#pragma once

#include <cstdint>
#include <string_view>

namespace mfo::telemetry {

enum class metric_kind : std::uint8_t { counter, gauge, histogram };

struct metric_description {
  std::string_view name;
  metric_kind kind;
  std::string_view labels; ///< comma-separated, for the reference
  std::string_view help;
};

} // namespace mfo::telemetry
