#pragma once

#include "cluster/rules/replication.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// What a holder answers to a copy.
enum class keep_answer : std::uint8_t {
  kept,            ///< it is held, with this list
  too_many_events, ///< not held: as many are as may be
  too_many_bytes,  ///< not held: they would be more bytes than may be
  taken_over,      ///< held, but this node runs it already
};

/// A word, for logs and metrics: "too_many_bytes".
std::string_view to_string(keep_answer answer) noexcept;

/// The holder's side of replication: the events of other nodes that this one
/// keeps in memory, and which of them it has to run because their origin is
/// gone: dead, left, or another life. Of the holders that the origin named, the
/// first that lives in this node's own view takes an event over. Where views
/// differ two may; the event is run twice then, under one id.
///
/// One that waits for another holder to run an event does not wait for ever: a
/// release may be lost, or the other had never got the event. After `patience`
/// it runs the event itself.
///
/// Bounded. One owner, not thread-safe; time is passed in.
class replica_store {
public:
  using clock = std::chrono::steady_clock;

  struct bounds {
    std::size_t max_events = 10'000;
    std::size_t max_bytes = 64 * 1024 * 1024;
    std::chrono::milliseconds patience = std::chrono::minutes{10};
  };

  /// An event that this node runs from now on.
  struct take_over {
    node_life origin;
    parcel event;
    bool impatient; ///< another holder lives that comes first, but is silent
  };

  /// A copy at another holder.
  struct elsewhere {
    node_life origin;
    std::string id;
    std::string holder;
  };

  replica_store(node_life self, bounds limits);

  /// A copy has come. One that is held already gets the list, if that is newer.
  keep_answer keep(const node_life& origin, const parcel& event,
                   const holder_list& list);

  /// A newer list has come alone. False: the event is not held, and has to come
  /// with it.
  bool relist(const node_life& origin, const std::string& id,
              const holder_list& list);

  /// The event is concluded. False: nothing happens, as it is not held, or runs
  /// here already: then `concluded` ends it.
  bool release(const node_life& origin, const std::string& id);

  /// Copies that the origin does not count as open are let go; their ids.
  std::vector<std::string> audit(const node_life& origin,
                                 const audit_page& page);

  /// What this node has to take over by its view, at most `most`, so that
  /// thousands do not start at once. To be called when the view has changed,
  /// and every now and then.
  [[nodiscard]] std::vector<take_over>
  due(const life_of& view, std::size_t most, clock::time_point now);

  /// An event that was taken over has been concluded, and is let go; the copies
  /// that may be released.
  std::vector<elsewhere> concluded(const node_life& origin,
                                   const std::string& id);

  /// What this node runs and another holds, at most `most`: the other is told
  /// every now and then, less than `patience` apart.
  [[nodiscard]] std::vector<elsewhere> running(std::size_t most) const;

  /// Another holder runs the event: patience begins anew.
  void is_running(const node_life& origin, const std::string& id,
                  clock::time_point now);

  [[nodiscard]] std::size_t size() const noexcept {
    return size_;
  }

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

  /// Of `size()`, those that were taken over.
  [[nodiscard]] std::size_t taken() const noexcept {
    return taken_;
  }

  [[nodiscard]] bool holds(const node_life& origin,
                           const std::string& id) const;

private:
  struct copy {
    parcel event;
    holder_list list;
    bool taken = false;
    /// Since then somebody else should run it.
    std::optional<clock::time_point> waits_since{};
  };

  using copies = std::map<std::string, copy>; ///< by id

  copy* find(const node_life& origin, const std::string& id);
  copies::iterator erase(copies& of, copies::iterator which);
  std::vector<elsewhere> others(const node_life& origin,
                                const copy& held) const;

  const node_life self_;
  const bounds limits_;
  std::map<node_life, copies> origins_;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
  std::size_t taken_ = 0;
};

} // namespace mfo::cluster
