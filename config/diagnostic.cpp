#include "config/diagnostic.hpp"

#include <ostream>

namespace mfo::config {

std::string to_string(const diagnostic& problem) {
  auto line = problem.file;
  if (problem.line > 0) {
    line += ':' + std::to_string(problem.line);
    line += ':' + std::to_string(problem.column);
  }
  line += ": ";
  if (!problem.key.empty())
    line += problem.key + ": ";
  line += problem.message;
  if (!problem.hint.empty())
    line += " (" + problem.hint + ")";
  return line;
}

std::string to_string(const std::vector<diagnostic>& problems) {
  std::string lines;
  for (const auto& problem : problems)
    lines += to_string(problem) + '\n';
  return lines;
}

std::ostream& operator<<(std::ostream& out, const diagnostic& problem) {
  return out << to_string(problem);
}

} // namespace mfo::config
