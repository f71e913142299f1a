#include "cluster/membership/view.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

view::view(std::string_view own_name, std::uint64_t version,
           member_list members)
  : version_(version), members_(std::move(members)),
    own_(static_cast<std::size_t>(find(own_name) - members_.data())) {}

const member_view* view::find(std::string_view name) const noexcept {
  const auto found =
      std::lower_bound(members_.begin(), members_.end(), name,
                       [](const member_view& member, std::string_view wanted) {
                         return member.card->name < wanted;
                       });
  return found != members_.end() && found->card->name == name ? &*found
                                                              : nullptr;
}

std::vector<std::string_view> view::alive_names() const {
  std::vector<std::string_view> names;
  names.reserve(members_.size());
  for (const auto& member : members_)
    if (member.state == member_state::alive)
      names.emplace_back(member.card->name);
  return names;
}

std::vector<const member_view*> view::alive_with(role which) const {
  std::vector<const member_view*> found;
  for (const auto& member : members_)
    if (member.state == member_state::alive && member.card->roles.has(which))
      found.push_back(&member);
  return found;
}

} // namespace mfo::cluster
