#include "node/doctor/rules/unloaded.hpp"

#include <algorithm>
#include <string>

namespace mfo::node::doctor {

namespace {

std::string remedy_for(std::string_view problem) {
  if (problem.find(" is not set") != problem.npos)
    return "set that variable where the node starts, e.g. in the "
           "EnvironmentFile of its systemd unit, and for this command, too";
  if (problem.find("No such file") != problem.npos ||
      problem.find("Permission denied") != problem.npos)
    return "give the file that is meant, which this user can read";
  return "correct it there; `mfo-node check` tells the same";
}

} // namespace

findings judge_unloaded(std::string_view reason) {
  findings all;
  while (!reason.empty()) {
    const auto end = std::min(reason.find('\n'), reason.size());
    const auto line = reason.substr(0, end);
    if (!line.empty())
      all.push_back(failed("", std::string{line}, remedy_for(line)));
    reason.remove_prefix(std::min(end + 1, reason.size()));
  }
  return all;
}

} // namespace mfo::node::doctor
