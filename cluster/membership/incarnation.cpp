#include "cluster/membership/incarnation.hpp"

#include <fmt/format.h>

namespace mfo::cluster {

std::string to_string(const incarnation& which) {
  return fmt::format("{}-{:016x}", which.started, which.process);
}

} // namespace mfo::cluster
