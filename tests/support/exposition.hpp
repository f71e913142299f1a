#pragma once

#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

namespace mfo::support {

/// The sum over all labels of a metric in the Prometheus text format; `label`
/// (`reason="saturated"`), where given, picks the series that have it.
inline double sum_of(const std::string& exposition, std::string_view metric,
                     std::string_view label = {}) {
  double sum = 0;
  std::istringstream lines{exposition};
  for (std::string line; std::getline(lines, line);) {
    const auto name =
        std::string_view{line}.substr(0, line.find_first_of("{ "));
    if (name == metric && line.find(label) != std::string::npos)
      sum += std::strtod(line.c_str() + line.rfind(' '), nullptr);
  }
  return sum;
}

} // namespace mfo::support
