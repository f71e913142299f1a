#pragma once

#include "actors/flow_request.hpp"
#include "config/settings.hpp"
#include "taskflow/json.hpp"

#include <functional>
#include <map>
#include <string>

namespace mfo::node {

/// A run in which nothing is called, asked or waited for. What it shows has
/// `***` in place of secrets.
class dry_run {
public:
  struct options {
    config::settings settings; ///< servers and taskflows count
    /// What the calls of a task give, by its path, or by its path without the
    /// numbers of items and iterations; else null.
    std::map<std::string, taskflow::json> results;
    /// Told what would be called: a line, without its end.
    std::function<void(const std::string&)> show;
  };

  explicit dry_run(options how);

  /// Until its end.
  [[nodiscard]] actors::flow_result run(actors::flow_request what);

private:
  options how_;
};

} // namespace mfo::node
