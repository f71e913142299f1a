// Parts of a JSON text, cut out as they stand, against nlohmann's tree of it.

#include "core/json_grammar.hpp"
#include "core/json_slices.hpp"
#include "fuzz/target.hpp"

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include <limits>

namespace mfo::fuzz {

namespace {

using nlohmann::json;

constexpr auto any_depth = std::numeric_limits<std::size_t>::max();

json tree_of(std::string_view text) {
  return json::parse(text, nullptr, false);
}

/// As `Pointer` writes a name (RFC 6901, section 3).
std::string escape(std::string_view name) {
  std::string out;
  for (const char c : name)
    out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

void compare_object(std::string_view text, const json& tree) {
  const auto members = core::object_members(text);
  require(members.has_value() == tree.is_object());
  if (!members)
    return;
  json last = json::object();
  for (const auto& each : *members)
    last[each.name] = tree_of(each.value);
  require(last == tree);
  for (const auto& [name, value] : tree.items()) {
    const auto found = core::find_in_json(text, "/" + escape(name));
    require(found && tree_of(*found) == value);
  }
}

void compare_array(std::string_view text, const json& tree) {
  const auto elements = core::array_elements(text);
  require(elements.has_value() == tree.is_array());
  if (!elements)
    return;
  require(elements->size() == tree.size());
  for (std::size_t i = 0; i < tree.size(); ++i) {
    require(tree_of((*elements)[i]) == tree[i]);
    const auto found = core::find_in_json(text, "/" + std::to_string(i));
    require(found && tree_of(*found) == tree[i]);
  }
}

/// Of text that is no JSON, what is promised is to stay within it.
void stay_within(std::string_view text) {
  const auto* const end = text.data() + text.size();
  const auto is_within = [&](std::string_view part) {
    return part.empty() ||
           (part.data() >= text.data() && part.data() + part.size() <= end);
  };
  if (const auto members = core::object_members(text))
    for (const auto& each : *members)
      require(is_within(each.value));
  if (const auto elements = core::array_elements(text))
    for (const auto each : *elements)
      require(is_within(each));
  if (const auto found = core::find_in_json(text, "/a/0"))
    require(is_within(*found));
}

} // namespace

void run(std::string_view input) {
  stay_within(input);
  if (!core::is_json_text(input, any_depth) ||
      !simdjson::validate_utf8(input.data(), input.size()))
    return;
  const auto tree = tree_of(input);
  if (tree.is_discarded())
    return; // a number or a name that nlohmann does not take
  compare_object(input, tree);
  compare_array(input, tree);
  constexpr std::string_view space{" \t\r\n"};
  if (space.find(input.front()) != std::string_view::npos ||
      space.find(input.back()) != std::string_view::npos)
    return; // a value comes without white space around it
  const auto text = core::string_value(input);
  require(text.has_value() == tree.is_string());
  require(!text || *text == tree.get<std::string>());
}

} // namespace mfo::fuzz
