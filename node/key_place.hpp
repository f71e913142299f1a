#pragma once

#include "config/diagnostic.hpp"

#include <string>
#include <string_view>

namespace mfo::node {

/// What is wrong with a key of the configuration, found only once the settings
/// are used.
struct key_fault {
  std::string key; ///< `tls`; `servers.crm.tls`, a list's entry by id or name
  std::string why;
};

/// The same with the place that the key has in the file: settings keep none, so
/// the file, which was good a moment ago, is read again for it. Without a place
/// where it has no such key, is a pipe, or is no more as it was.
[[nodiscard]] config::diagnostic at_key(const std::string& config_file,
                                        key_fault fault);

/// A line of that; `config_file` may be empty: there is none.
[[nodiscard]] std::string line_about(const std::string& config_file,
                                     key_fault fault);

} // namespace mfo::node
