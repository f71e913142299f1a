#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace mfo::node {

struct graphviz_options {
  std::string program = "dot"; ///< a path, or a name to be found in PATH
  std::chrono::milliseconds timeout{std::chrono::seconds{60}};
  std::size_t max_output = 64 * 1024 * 1024; ///< bytes
};

/// What Graphviz makes of a text in its language, as SVG (taskflow/graph/
/// to_dot.hpp makes such a text). It runs as a process of its own
/// (docs/adr/0009-pictures-by-dot.md), which has ended when this returns, and
/// whose complaints are for the error alone.
///
/// A message for people, with what to do about it, when there is no such
/// program, when it fails, takes too long, or writes more than it may. Blocks;
/// any thread.
[[nodiscard]] tl::expected<std::string, std::string>
to_svg(const std::string& dot, const graphviz_options& how = {});

} // namespace mfo::node
