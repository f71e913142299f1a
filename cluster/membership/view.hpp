#pragma once

#include "cluster/membership/load_report.hpp"
#include "cluster/membership/member_record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// One node as another shows it.
struct member_view {
  std::shared_ptr<const node_card> card;   ///< never null
  std::shared_ptr<const load_report> load; ///< never null; zeros at first
  member_state state = member_state::alive;
  bool linked = false; ///< a message can go there; true of oneself
  /// When something came from it directly; nothing: never, or it is oneself.
  std::optional<std::chrono::steady_clock::time_point> last_heard;

  /// Alive, and a message can go there.
  [[nodiscard]] bool is_reachable() const noexcept {
    return linked && state == member_state::alive;
  }
};

/// What a node knows of its cluster at one moment; never changes, so that any
/// thread may keep and read it.
class view {
public:
  using member_list = std::vector<member_view>;

  /// Requires: sorted by name, this node included.
  view(std::string_view own_name, std::uint64_t version, member_list members);

  /// Of one node: grows with each change of who is a member, of a card, a state
  /// or a link. Views of one version differ in loads and times at most.
  [[nodiscard]] std::uint64_t version() const noexcept {
    return version_;
  }

  /// Sorted by name.
  [[nodiscard]] const member_list& members() const noexcept {
    return members_;
  }

  [[nodiscard]] const member_view& oneself() const noexcept {
    return members_[own_];
  }

  /// Null: not known.
  [[nodiscard]] const member_view* find(std::string_view name) const noexcept;

  /// Sorted by name. The names live as long as the view. This is whom a rule
  /// of "at most one owner per view" chooses from: it says the same on every
  /// node whose table is the same.
  [[nodiscard]] std::vector<std::string_view> alive_names() const;

  /// Sorted by name, oneself included. They live as long as the view.
  [[nodiscard]] std::vector<const member_view*> alive_with(role which) const;

private:
  std::uint64_t version_;
  member_list members_;
  std::size_t own_;
};

} // namespace mfo::cluster
