#include "node/doctor/rules/ports.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <system_error>

namespace mfo::node::doctor {

namespace {

std::string list_of(const std::vector<process>& users) {
  std::vector<std::string> texts;
  for (const auto& each : users)
    texts.push_back(fmt::format("{} (pid {})", each.name, each.id));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string user_text(const port_seen& seen) {
  return seen.users.empty() ? std::string{"a process that only root can see"}
                            : list_of(seen.users);
}

} // namespace

finding judge_port(const port_seen& seen) {
  const auto cannot = [&](std::string_view why) {
    return fmt::format("{} cannot be listened on: {}", seen.address, why);
  };
  switch (seen.error) {
  case 0:
    return good(seen.subject, seen.address + " is free");
  case EADDRINUSE:
    if (seen.by_this_node)
      return good(seen.subject, fmt::format("{} is taken by this very node, {}",
                                            seen.address, user_text(seen)));
    return failed(
        seen.subject,
        fmt::format("{} is taken by {}", seen.address, user_text(seen)),
        fmt::format("stop that, or give `{}` another port", seen.subject));
  case EADDRNOTAVAIL:
    return failed(seen.subject, cannot("this host has no such address"),
                  fmt::format("give `{}` an address that `ip address` shows, "
                              "or 0.0.0.0 for all",
                              seen.subject));
  case EACCES:
    return failed(seen.subject, cannot("ports below 1024 are for root"),
                  "take a higher port, or give the node the capability "
                  "CAP_NET_BIND_SERVICE");
  default:
    return failed(seen.subject,
                  cannot(std::generic_category().message(seen.error)),
                  fmt::format("give `{}` an address of this host and a port "
                              "that is free",
                              seen.subject));
  }
}

} // namespace mfo::node::doctor
