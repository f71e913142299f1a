#include "node/since_watch.hpp"

namespace mfo::node {

void since_watch::look(const std::vector<http::health_check>& checks,
                       const std::vector<circuit>& circuits, unix_ms now) {
  const std::lock_guard lock{mutex_};
  // What is no more there has no more to tell.
  decltype(failing_) failing;
  for (const auto& each : checks) {
    if (each.ok)
      continue;
    const auto before = failing_.find(each.name);
    failing.emplace(each.name, before == failing_.end() ? now : before->second);
  }
  failing_ = std::move(failing);
  decltype(circuits_) seen;
  for (const auto& each : circuits) {
    const auto before = circuits_.find(each.server);
    const bool same =
        before != circuits_.end() && before->second.first == each.state;
    seen.emplace(each.server,
                 std::pair{each.state, same ? before->second.second : now});
  }
  circuits_ = std::move(seen);
}

since_watch::unix_ms since_watch::failing_since(const std::string& check,
                                                unix_ms now) const {
  const std::lock_guard lock{mutex_};
  const auto at = failing_.find(check);
  return at == failing_.end() ? now : at->second;
}

since_watch::unix_ms since_watch::circuit_since(const circuit& one,
                                                unix_ms now) const {
  const std::lock_guard lock{mutex_};
  const auto at = circuits_.find(one.server);
  return at == circuits_.end() || at->second.first != one.state
             ? now
             : at->second.second;
}

} // namespace mfo::node
