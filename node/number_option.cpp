#include "node/number_option.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <system_error>

namespace mfo::node {

CLI::Validator number_within(double least, double most) {
  const auto check = [least, most](std::string& text) -> std::string {
    double value = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec == std::errc{} && read.ptr == end && value >= least &&
        value <= most)
      return {};
    return fmt::format("{} is no number from {:g} to {:g}", text, least, most);
  };
  return {check, fmt::format("FLOAT in [{:g} - {:g}]", least, most)};
}

} // namespace mfo::node
