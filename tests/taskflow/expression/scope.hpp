#pragma once

#include "taskflow/expression/scope.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace mfo::taskflow::tests {

/// A scope that has what a test says.
class fixed_scope : public scope {
public:
  std::map<std::string, json, std::less<>> roots;
  std::map<std::string, json, std::less<>> results;
  std::map<std::string, std::string, std::less<>> secrets;
  json the_dot;
  mutable int asked_for_dot = 0; ///< times

  const json* root(std::string_view name) const override {
    return find(roots, name);
  }
  const json* result(std::string_view task) const override {
    return find(results, task);
  }
  json tasks(const std::vector<std::string>& named) const override {
    auto all = json::object();
    for (const auto& [id, result] : results)
      if (named.empty() || std::ranges::find(named, id) != named.end())
        all[id] = {{"outcome", "Succeeded"}, {"result", result}};
    return all;
  }
  json dot() const override {
    ++asked_for_dot;
    return the_dot;
  }
  const std::string* secret(std::string_view name) const override {
    return find(secrets, name);
  }

private:
  template <class Map>
  static const typename Map::mapped_type* find(const Map& map,
                                               std::string_view name) {
    const auto found = map.find(name);
    return found == map.end() ? nullptr : &found->second;
  }
};

} // namespace mfo::taskflow::tests
