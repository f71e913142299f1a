#include "cluster/rules/credit_windows.hpp"

namespace mfo::cluster {

credit_windows::credit_windows(credit window) : window_(window) {}

credit_grant credit_windows::open(const std::string& peer, std::uint64_t link) {
  auto& its =
      windows_.try_emplace(peer, window_of_peer{credit_receiver{window_}})
          .first->second;
  its.has_link = true;
  return its.window.open(link);
}

void credit_windows::close(const std::string& peer) {
  const auto found = windows_.find(peer);
  if (found == windows_.end())
    return;
  found->second.has_link = false;
  let_go(found);
}

credit_receiver& credit_windows::of(const std::string& peer) {
  return windows_.find(peer)->second.window;
}

std::optional<credit_grant> credit_windows::finish(const std::string& peer,
                                                   std::size_t bytes) {
  const auto found = windows_.find(peer);
  if (found == windows_.end())
    return std::nullopt;
  const auto grant = found->second.window.finish(bytes);
  if (found->second.has_link)
    return grant;
  let_go(found);
  return std::nullopt;
}

void credit_windows::let_go(windows::iterator idle) {
  if (idle->second.window.at_work() == credit{})
    windows_.erase(idle);
}

} // namespace mfo::cluster
