#include "node/doctor/rules/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mfo::node::doctor {

namespace {

/// Longer than this, and connecting by the default time-out begins to fail.
constexpr std::chrono::milliseconds slow{1'000};

} // namespace

finding judge_name(const name_seen& seen) {
  const auto& first = seen.first;
  const auto& second = seen.second;
  for (const auto* each : {&first, &second}) {
    if (each->late)
      return failed(seen.subject,
                    fmt::format("{}: no answer from DNS within {} ms",
                                seen.name, each->took.count()),
                    "see that the servers of /etc/resolv.conf answer (`getent "
                    "ahosts NAME`)");
    if (!each->error.empty())
      return failed(seen.subject, fmt::format("{}: {}", seen.name, each->error),
                    "correct the name in the configuration, or add it to DNS "
                    "or /etc/hosts");
  }
  const auto took = std::max(first.took, second.took);
  if (took >= slow)
    return warning(seen.subject,
                   fmt::format("{}: DNS took {} ms", seen.name, took.count()),
                   "see that the first server of /etc/resolv.conf answers, or "
                   "run a cache on this host");
  if (first.addresses != second.addresses)
    return warning(
        seen.subject,
        fmt::format("{}: DNS gave {} and then {}", seen.name,
                    fmt::join(first.addresses, " "),
                    fmt::join(second.addresses, " ")),
        "fine where many hosts share the name; else find out which DNS server "
        "says what");
  return good(seen.subject,
              fmt::format("{} is {}, found in {} ms", seen.name,
                          fmt::join(first.addresses, " "), took.count()));
}

} // namespace mfo::node::doctor
