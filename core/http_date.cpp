#include "core/http_date.hpp"

#include <fmt/chrono.h>

namespace mfo::core {

std::string to_http_date(std::chrono::system_clock::time_point at) {
  // Without "L" the names are English, whatever the locale.
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     std::chrono::floor<std::chrono::seconds>(at));
}

} // namespace mfo::core
