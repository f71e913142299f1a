#include "node/key_place.hpp"

#include "config/document.hpp"
#include "config/file.hpp"
#include "config/load.hpp"

#include <algorithm>
#include <utility>

namespace mfo::node {

namespace {

/// Null: there is none.
const config::node* child_of(const config::node& map, std::string_view key) {
  const auto found =
      std::ranges::find(map.entries, key, &config::map_entry::key);
  return found == map.entries.end() ? nullptr : found->value.get();
}

/// The entry of a map, or that of a list whose id or name it is.
const config::node* entry_of(const config::node& in, std::string_view word) {
  if (in.kind == config::node_kind::map)
    return child_of(in, word);
  for (const auto& item : in.items)
    for (const auto* key : {"id", "name"})
      if (const auto* value = child_of(*item, key);
          value != nullptr && value->text == word)
        return item.get();
  return nullptr;
}

} // namespace

config::diagnostic at_key(const std::string& config_file, key_fault fault) {
  config::diagnostic problem{config_file,          0, 0, std::move(fault.key),
                             std::move(fault.why), {}};
  // Not a pipe, which would be waited for.
  const auto text =
      config::read_regular_file(config_file, config::max_file_size);
  if (!text)
    return problem;
  const auto root = config::parse_document(*text, config_file);
  if (!root)
    return problem;
  const auto* at = root->get();
  std::string_view rest = problem.key;
  while (at != nullptr && !rest.empty()) {
    const auto dot = std::min(rest.find('.'), rest.size());
    at = entry_of(*at, rest.substr(0, dot));
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  if (at != nullptr) {
    problem.line = at->where.line;
    problem.column = at->where.column;
  }
  return problem;
}

std::string line_about(const std::string& config_file, key_fault fault) {
  if (config_file.empty())
    return fault.key + ": " + fault.why;
  return config::to_string(at_key(config_file, std::move(fault)));
}

} // namespace mfo::node
