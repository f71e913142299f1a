#include "cluster/membership/role_set.hpp"

#include <algorithm>
#include <array>

namespace mfo::cluster {

namespace {

constexpr std::array every_role{role::intake, role::runner, role::connector};

} // namespace

std::string_view to_string(role which) noexcept {
  switch (which) {
  case role::intake:
    return "intake";
  case role::runner:
    return "runner";
  case role::connector:
    break;
  }
  return "connector";
}

tl::expected<role_set, std::string>
parse_roles(const std::vector<std::string_view>& words) {
  std::uint8_t bits = 0;
  for (const auto word : words) {
    const auto found =
        std::find_if(every_role.begin(), every_role.end(),
                     [word](role each) { return to_string(each) == word; });
    if (found == every_role.end())
      return tl::make_unexpected(
          std::string{"must be intake, runner or connector"});
    const auto bit = static_cast<std::uint8_t>(*found);
    if ((bits & bit) != 0)
      return tl::make_unexpected(std::string{"must name a role once"});
    bits = static_cast<std::uint8_t>(bits | bit);
  }
  if (bits == 0)
    return tl::make_unexpected(
        std::string{"must name a role: intake, runner or connector"});
  return role_set::of_bits(bits);
}

std::string to_string(role_set roles) {
  std::string text;
  for (const auto each : every_role)
    if (roles.has(each))
      text.append(text.empty() ? "" : ", ").append(to_string(each));
  return text.empty() ? "none" : text;
}

} // namespace mfo::cluster
