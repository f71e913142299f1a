#include "node/doctor/rules/expiry.hpp"

#include "core/rfc3339.hpp"

#include <fmt/format.h>

namespace mfo::node::doctor {

finding judge_life(const std::string& subject, const std::string& what,
                   const certificate_life& life, std::chrono::sys_seconds now,
                   const std::string& remedy) {
  const auto at = [](std::chrono::sys_seconds when) {
    return core::to_rfc3339(when.time_since_epoch());
  };
  const auto days = std::chrono::floor<std::chrono::days>(life.ends - now);
  if (now >= life.ends)
    return failed(subject,
                  fmt::format("{} has expired on {}", what, at(life.ends)),
                  remedy);
  if (now < life.begins)
    return failed(
        subject,
        fmt::format("{} is not valid before {}", what, at(life.begins)),
        "set the clock of this host, or wait; else " + remedy);
  if (days < time_to_renew)
    return warning(subject,
                   fmt::format("{} ends on {}, in {} days", what, at(life.ends),
                               days.count()),
                   remedy);
  return good(subject, fmt::format("{} is valid for another {} days", what,
                                   days.count()));
}

} // namespace mfo::node::doctor
