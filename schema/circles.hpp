#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace mfo::schema {

/// From one schema to another that it applies.
struct schema_edge {
  std::size_t to;
  bool same_value; ///< to the value itself, not to a part of it
};

/// For each schema, what it applies.
using schema_graph = std::vector<std::vector<schema_edge>>;

/// A schema that comes back to itself without ever looking at a part of the
/// value, so that applying it would never end.
std::optional<std::size_t> find_circle(const schema_graph& graph);

/// How many schemas stand in one another where each is entered once, in the
/// order of the edges, from `start`.
std::size_t longest_way(const schema_graph& graph, std::size_t start);

} // namespace mfo::schema
