#pragma once

#include "config/section.hpp"
#include "config/settings.hpp"

#include <string>
#include <vector>

/// The one place where every key of the file stands, with its type, default,
/// range and help.
namespace mfo::config {

/// What the file holds at its top.
struct file_content {
  settings effective;
  // The short form of one endpoint; it is in `effective.endpoints` as well once
  // the file has been read.
  std::string webhook_path;
  std::vector<secret> webhook_secrets;
};

const section<file_content>& file_table();

// The parts of it.
section<endpoint_settings> endpoint_table();
section<limits_settings> limits_table();
section<upstream_settings> upstream_table();
section<log_settings> log_table();

} // namespace mfo::config
