// A configuration: settings or at least one problem, each with its place, and
// never an exception. What was read is written, with its secrets left out, as a
// configuration that is read again.

#include "config/load.hpp"
#include "config/redact.hpp"
#include "fuzz/target.hpp"

#include <string>

namespace mfo::fuzz {

namespace {

const std::string file_name = "node.yaml";

std::optional<std::string> variable(std::string_view name) {
  if (name.starts_with("NO"))
    return std::nullopt;
  return "value-of-a-variable";
}

/// Some files of a machine never end, or wait for somebody.
bool names_a_device(std::string_view text) {
  const auto has = [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  return has("_file") &&
         (has("/dev") || has("/proc") || has("/sys") || has("\\"));
}

} // namespace

void run(std::string_view input) {
  if (names_a_device(input))
    return;
  const auto loaded = config::load_text(input, file_name, variable, "node");
  if (!loaded) {
    require(!loaded.error().empty());
    for (const auto& each : loaded.error()) {
      require(each.file == file_name);
      require(!each.message.empty());
      require(each.line >= 0 && each.column >= 0);
      require((each.line == 0) == (each.column == 0));
      require(config::to_string(each).find('\n') == std::string::npos);
    }
    return;
  }
  const auto text = config::redacted_yaml(*loaded);
  const auto again = config::load_text(text, file_name, variable, "node");
  require(again.has_value());
  require(config::redacted_yaml(*again) == text);
}

} // namespace mfo::fuzz
