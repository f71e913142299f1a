#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// A tick of a scheduled trigger: its time, since 1970.
struct tick_record {
  std::string trigger{};
  std::chrono::milliseconds tick{0};

  friend bool operator==(const tick_record&, const tick_record&) = default;
};

/// The id by which a tick is claimed in the ownership window, and of which its
/// event's id is made: the same on all nodes.
[[nodiscard]] std::string tick_id(const tick_record& tick);

/// Which node fires the ticks of scheduled triggers: by rendezvous over the
/// trigger's id, among the names that live and may. When a node becomes the
/// owner, because the one before is gone, it fires what came due in the last
/// `grace` and is not known to have been fired: late by `grace` at most. What
/// is older is missed. The grace should be longer than it takes all to see that
/// a node is dead.
///
/// Nodes with different views, or a node that has just come, may both decide to
/// fire: so who decides to fire claims `tick_id` in the ownership window first,
/// and fires only if that is fresh.
///
/// Remembers the latest tick fired of each trigger; bounded by the number of
/// triggers. One owner, not thread-safe; time is passed in, since 1970.
class schedule_owner {
public:
  enum class verdict : std::uint8_t {
    fire,     ///< claim it, and fire if the claim is fresh
    early,    ///< its time has not come
    not_mine, ///< another fires it
    fired,    ///< it, or a later one, was fired
    missed,   ///< it is this node's, and too late
  };

  struct bounds {
    std::chrono::milliseconds grace = std::chrono::seconds{30};
    std::size_t max_triggers = 10'000;
  };

  schedule_owner(std::string self, bounds limits);

  /// What is to become of a tick. `names`: who may fire this trigger, each
  /// once. `now` may go back, as the wall clock does.
  [[nodiscard]] verdict decide(const tick_record& what,
                               std::chrono::milliseconds now,
                               std::span<const std::string> names) const;

  /// It was fired, here or elsewhere. False: too many triggers are remembered;
  /// the ownership window alone keeps it from being fired again.
  bool fired(const tick_record& what);

  /// The trigger is not configured any more.
  void forget(const std::string& trigger);

  /// What is known, for a node that has come.
  [[nodiscard]] std::vector<tick_record> records() const;

private:
  const std::string self_;
  const bounds limits_;
  std::map<std::string, std::chrono::milliseconds> fired_; ///< the latest
};

std::string_view to_string(schedule_owner::verdict verdict) noexcept;

} // namespace mfo::cluster
