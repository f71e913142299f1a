#pragma once

#include <functional>
#include <string>

/// What the admin listener needs of the node's cluster. Where one is set, both
/// are; asked on the admin thread.
namespace mfo::http {

struct cluster_control {
  /// The members as this node sees them, a JSON object.
  std::function<std::string()> table;

  /// Has that node take no more work; false: it is no member that can be
  /// reached. Must not block.
  std::function<bool(const std::string& node)> drain;
};

} // namespace mfo::http
