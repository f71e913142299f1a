#include "config/changes.hpp"

#include "config/redact.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <utility>

namespace mfo::config {

namespace {

/// The values of a tree, by their path; a map or a list has the value "".
using flat = std::map<std::string, std::string>;

std::string name_of(const YAML::Node& entry, std::size_t index) {
  if (entry.IsMap())
    for (const auto* key : {"id", "name"})
      if (const auto name = entry[key]; name && name.IsScalar())
        return name.Scalar();
  return std::to_string(index);
}

void flatten(const YAML::Node& tree, const std::string& path, flat& into) {
  const auto below = [&](const std::string& key) {
    return path.empty() ? key : path + '.' + key;
  };
  into[path] = tree.IsScalar() ? tree.Scalar() : "";
  if (tree.IsMap())
    for (const auto& each : tree)
      flatten(each.second, below(each.first.Scalar()), into);
  if (tree.IsSequence())
    for (std::size_t i = 0; i < tree.size(); ++i)
      flatten(tree[i], below(name_of(tree[i], i)), into);
}

flat flat_of(const settings& values) {
  flat all;
  flatten(YAML::Load(redacted_yaml(values)), "", all);
  return all;
}

bool is_within(std::string_view path, std::string_view section) {
  return path.starts_with(section) &&
         (path.size() == section.size() || path[section.size()] == '.');
}

} // namespace

std::vector<std::string> changed_keys(const settings& before,
                                      const settings& after) {
  const auto then = flat_of(before);
  const auto now = flat_of(after);
  std::map<std::string, bool> changed; ///< whether both have it
  for (const auto& [path, value] : then)
    if (const auto found = now.find(path);
        found == now.end() || found->second != value)
      changed.emplace(path, found != now.end());
  for (const auto& [path, value] : now)
    if (!then.contains(path))
      changed.emplace(path, false);
  std::vector<std::string> keys;
  for (const auto& [path, in_both] : changed)
    if (keys.empty() || in_both || !is_within(path, keys.back()))
      keys.push_back(path);
  auto rest = before;
  rest.files = after.files;
  if (keys.empty() && !(rest == after))
    keys.emplace_back("secrets");
  return keys;
}

std::vector<std::string> fixed_keys(const std::vector<std::string>& changed,
                                    const settings& running) {
  std::vector<std::string> fixed;
  std::ranges::copy_if(
      changed, std::back_inserter(fixed), [&](const std::string& key) {
        return is_within(key, "node_name") || is_within(key, "cluster") ||
               is_within(key, "workers") || is_within(key, "log.format") ||
               (running.cluster.on() && is_within(key, "dedup"));
      });
  return fixed;
}

} // namespace mfo::config
