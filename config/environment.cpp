#include "config/environment.hpp"

#include "config/node_name.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace mfo::config {

environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    if (const auto* value = std::getenv(std::string(name).c_str()))
      return std::string(value);
    return std::nullopt;
  };
}

std::string host_name() {
  // Linux allows 64 bytes, POSIX 255; one more, since a name that is cut may
  // come without its end.
  std::array<char, 257> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0)
    return to_node_name({});
  return to_node_name(buffer.data());
}

} // namespace mfo::config
