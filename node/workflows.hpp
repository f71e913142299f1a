#pragma once

#include "config/diagnostic.hpp"
#include "config/environment.hpp"
#include "config/settings.hpp"
#include "taskflow/definition.hpp"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace mfo::node {

using problem_list = std::vector<config::diagnostic>;

struct workflow_files {
  std::vector<std::string> good{};
  problem_list problems{}; ///< of folders, and of files of theirs
};

/// The workflow files that these paths stand for: a file itself, which need not
/// be there, or every *.yaml and *.yml of a folder, by name, though not of
/// folders in it. One of a folder that is no regular file is a problem.
workflow_files find_workflow_files(const std::vector<std::string>& paths);

/// Reads them all; or every problem of every one, in that order.
tl::expected<std::vector<taskflow::workflow_ptr>, problem_list>
read_workflows(const std::vector<std::string>& files,
               const config::environment& variables);

/// Gives every trigger that is in use an endpoint, behind those that are there:
/// by it its events come in, and are counted. Its id is that of
/// actors::trigger_ref. What workflows and node cannot be together is told.
problem_list
add_trigger_endpoints(config::settings& settings,
                      const std::vector<taskflow::workflow_ptr>& workflows);

} // namespace mfo::node
