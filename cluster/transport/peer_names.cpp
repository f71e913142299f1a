#include "cluster/transport/peer_names.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster::wire {

namespace {

bool name_fits(std::string_view rule, std::string_view name) {
  if (rule == "*")
    return !name.empty();
  if (!rule.starts_with("*."))
    return rule == name;
  const auto suffix = rule.substr(1);
  return name.size() > suffix.size() && name.ends_with(suffix);
}

} // namespace

peer_names::peer_names(std::vector<std::string> allowed)
  : allowed_(std::move(allowed)) {
  for (auto& name : allowed_)
    name = core::lower_case(name);
}

bool peer_names::allows(std::string_view name) const {
  const auto wanted = core::lower_case(name);
  return std::any_of(
      allowed_.begin(), allowed_.end(),
      [&](const std::string& rule) { return name_fits(rule, wanted); });
}

std::optional<std::string>
peer_names::first_allowed(const std::vector<std::string>& names) const {
  for (const auto& name : names)
    if (allows(name))
      return name;
  return std::nullopt;
}

} // namespace mfo::cluster::wire
