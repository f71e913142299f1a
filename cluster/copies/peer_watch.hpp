#pragma once

#include "cluster/membership/view.hpp"
#include "cluster/rules/parcel.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mfo::cluster {

/// Who lives, and who may hold copies, by this node's view and its links; and
/// what has changed in that. A peer lives that is alive or suspect in the view.
/// It may hold copies if it is alive there, a link to this life of it is open,
/// and it does not drain.
///
/// The view and the links come by different ways. A link that was opened a
/// short while ago is a sign of life, whatever the view says: that may be
/// older. So a node that has just been started anew is not taken for dead.
///
/// One owner, not thread-safe; time is passed in.
class peer_watch {
public:
  using clock = std::chrono::steady_clock;

  /// Since it was last asked.
  struct changes {
    std::vector<node_life> gone{};    ///< dead, left, or another life now
    std::vector<node_life> leaving{}; ///< alive, but draining from now on
    std::vector<node_life> came{};    ///< may hold copies from now on
  };

  peer_watch(std::string own_name, std::chrono::milliseconds trust_link_for);

  void set_view(std::shared_ptr<const view> members);
  void link_opened(const node_life& peer, clock::time_point now);
  void link_closed(const std::string& peer);

  /// The process is gone, even if the view does not say so yet.
  void gone(const node_life& peer);

  /// To be called after each of these, and every now and then.
  changes look(clock::time_point now);

  [[nodiscard]] bool is_alive(const node_life& peer) const;

  /// See life_of. Nothing: it does not live, or is oneself.
  [[nodiscard]] std::optional<std::uint64_t>
  incarnation_of(const std::string& name) const;

  /// Who may hold copies, sorted by name.
  [[nodiscard]] const std::vector<node_life>& eligible() const noexcept {
    return eligible_;
  }

  /// Of a peer that lives.
  [[nodiscard]] bool is_draining(const std::string& name) const;

  [[nodiscard]] bool is_draining() const noexcept {
    return draining_;
  }

private:
  struct seen_peer {
    node_life life{};
    bool draining = false;
    bool eligible = false;
  };

  struct link {
    node_life life{};
    clock::time_point trusted_until{};
  };

  using peers = std::map<std::string, seen_peer>; ///< by name

  [[nodiscard]] peers seen(clock::time_point now) const;
  [[nodiscard]] bool lives_in_view(const node_life& life) const;

  const std::string own_name_;
  const std::chrono::milliseconds trust_link_for_;
  std::shared_ptr<const view> members_;
  std::map<std::string, link> links_;
  /// Until the view says so, too.
  std::set<node_life> gone_;
  peers peers_;
  std::vector<node_life> eligible_;
  bool draining_ = false;
};

} // namespace mfo::cluster
