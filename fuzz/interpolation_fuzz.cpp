// Variables in a configuration's texts: never an exception, no dollar sign is
// made up, and a text without one stays as it is.

#include "config/interpolate.hpp"
#include "fuzz/target.hpp"

namespace mfo::fuzz {

void run(std::string_view input) {
  std::string asked;
  const auto result = config::interpolate(
      input, [&](std::string_view name) -> std::optional<std::string> {
        require(!name.empty());
        require(input.find(name) != std::string_view::npos);
        asked.append(name).append(" ");
        if (name.starts_with('U'))
          return std::nullopt;
        return "${NAME} $$"; // is not looked at again
      });
  if (!result) {
    require(!result.error().empty());
    require(result.error().find('\n') == std::string::npos);
    return;
  }
  if (input.find('$') == std::string_view::npos)
    require(*result == input);
  if (asked.empty())
    require(result->size() <= input.size());
}

} // namespace mfo::fuzz
