// Numbers with units: what is read is within its bounds, and written it reads
// back as the same.

#include "config/units.hpp"
#include "fuzz/target.hpp"

#include <cmath>

namespace mfo::fuzz {

void run(std::string_view input) {
  using std::chrono::hours;
  if (const auto value = config::parse_duration(input)) {
    require(value->count() >= 0 && *value <= hours{24} * 366 * 10);
    require(config::parse_duration(config::format_duration(*value)) == *value);
  }
  if (const auto value = config::parse_size(input)) {
    require(*value <= std::size_t{1} << 50);
    require(config::parse_size(config::format_size(*value)) == *value);
  }
  if (const auto value = config::parse_integer(input))
    require(config::parse_integer(std::to_string(*value)) == *value);
  if (const auto value = config::parse_decimal(input)) {
    require(std::isfinite(*value) && *value >= 0);
    const auto again = config::parse_decimal(config::format_decimal(*value));
    require(again && *again == *value);
  }
}

} // namespace mfo::fuzz
