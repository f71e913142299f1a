#include "taskflow/trace/elapsed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::taskflow {

std::string elapsed(std::chrono::nanoseconds time) {
  using namespace std::chrono;
  const auto ms =
      std::max<milliseconds::rep>(duration_cast<milliseconds>(time).count(), 0);
  const auto s = ms / 1000;
  if (s == 0)
    return fmt::format("{}ms", ms);
  if (s < 10)
    return fmt::format("{}.{}s", s, ms / 100 % 10);
  if (s < 60)
    return fmt::format("{}s", s);
  if (s < 3600)
    return fmt::format("{}m {:02}s", s / 60, s % 60);
  if (s < 24 * 3600)
    return fmt::format("{}h {:02}m", s / 3600, s / 60 % 60);
  return fmt::format("{}d {:02}h", s / (24 * 3600), s / 3600 % 24);
}

} // namespace mfo::taskflow
