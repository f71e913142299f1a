#pragma once

#include "cluster/copies/copy_desk.hpp"
#include "cluster/hub/hub.hpp"
#include "cluster/hub/peer_talk.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mfo::cluster {

/// The hub's part in `ack: replicated`: the copies of its events, and those it
/// keeps for others.
class hub_copies final : public copy_host {
public:
  using pointer = hub_actor::stateful_pointer<hub_state>;
  using clock = std::chrono::steady_clock;

  /// `rules` are those in force, whenever it looks.
  hub_copies(pointer self, hub_deps_ptr deps, const hub_rules_ptr& rules,
             peer_talk& talk);

  /// An event of this node begins its way. What its sender is to hear, if it is
  /// not to go on.
  std::optional<core::outcome> begin(const core::event_ptr& event);

  /// One of this node, which stops, is to go on with the event.
  void hand_over(const core::event_ptr& event);

  /// The event needs nobody any more.
  void settled(const std::string& id);

  /// Whether the event of this id came from a node that is gone.
  [[nodiscard]] bool has_inherited(const std::string& id) const {
    return inherited_.contains(id);
  }

  void tick();

  /// In the hub's report.
  void note_numbers();

  [[nodiscard]] copy_desk& desk() noexcept {
    return desk_;
  }

  // copy_host
  void send(const std::string& peer, std::string bytes) override;
  void flush_soon(const std::string& peer) override;
  void held(const core::event_ptr& event) override;
  void not_held(const core::event_ptr& event, give_up_cause why) override;
  bool has_endpoint(std::string_view id) override;
  core::event_ptr revive(const wire_event& what) override;
  void take_over(const node_life& origin,
                 const core::event_ptr& event) override;
  void cannot_run(const node_life& origin, std::string_view id) override;
  void faulty(const std::string& peer, std::string_view why) override;

private:
  /// An event of a node that is gone.
  struct inherited {
    node_life origin;
    core::event_ptr event;
  };

  /// One of a node that is gone, which nobody may be holding any more.
  struct to_copy {
    core::event_ptr event;
    clock::time_point at; ///< not before
  };

  void admit_inherited();
  void copy_anew(const core::event_ptr& event);
  void copy_overdue();
  void answer_overdue();

  pointer self_;
  hub_deps_ptr deps_;
  const hub_rules_ptr& rules_;
  peer_talk& talk_;
  copy_desk desk_;
  /// Events whose sender waits, for copies or for the end, by their id.
  std::unordered_map<std::string, core::event_ptr> unanswered_;
  std::set<std::string> handed_;   ///< are to be, by their id
  std::deque<inherited> to_admit_; ///< there was no room yet
  /// Under way, by id: from whom. From several, where the first who took an
  /// event over had others hold it, and is gone as well.
  std::map<std::string, std::vector<node_life>> inherited_;
  std::deque<to_copy> to_copy_; ///< nobody could hold them yet
};

} // namespace mfo::cluster
