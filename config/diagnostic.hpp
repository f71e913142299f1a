#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace mfo::config {

/// One thing that is wrong with a configuration file.
///
/// No field ever holds a value from the file or from the environment, since
/// any value may be a secret: only keys, names of variables, paths of `*_file`
/// settings and what was expected.
struct diagnostic {
  std::string file;
  int line = 0;    ///< 1-based; 0 if the whole file is meant
  int column = 0;  ///< 1-based, counted in bytes; 0 likewise
  std::string key; ///< full path, e.g. `endpoints[0].signature.secret`, or ""
  std::string message;
  std::string hint; ///< what to do about it, or ""

  friend bool operator==(const diagnostic&, const diagnostic&) = default;
};

/// `file:line:column: key: message (hint)`, less the parts that are empty.
/// One line, without a newline.
[[nodiscard]] std::string to_string(const diagnostic& problem);

/// One line each, every line ended by a newline.
[[nodiscard]] std::string to_string(const std::vector<diagnostic>& problems);

std::ostream& operator<<(std::ostream& out, const diagnostic& problem);

} // namespace mfo::config
