#pragma once

#include "cluster/rules/replication.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

enum class copy_refusal : std::uint8_t {
  too_few_peers,   ///< fewer may hold a copy than copies are wanted
  too_many_events, ///< as many are open as may be
  known_id,        ///< an event with this id is open
};

/// A word, for logs and metrics: "too_few_peers".
std::string_view to_string(copy_refusal why) noexcept;

/// The origin's side of replication: who holds the events that this node has
/// acknowledged, or is about to, and what has to be said to them. The holders
/// are picked by rendezvous over the event's id. A holder that refuses or is
/// lost is replaced by the next in that order. The events themselves are kept
/// by whoever runs them.
///
/// Bounded. One owner, not thread-safe; time is passed in.
class replica_origin {
public:
  using clock = std::chrono::steady_clock;

  struct bounds {
    std::size_t max_open = 10'000;
    /// To be sent to one holder. What is more is dropped: the audit does it.
    std::size_t max_releases = 10'000;
  };

  /// What is to be sent of one event; all of it with the list.
  struct copy_order {
    std::string id{};
    holder_list list{};
    std::vector<std::string> send_event{}; ///< to these, with the event
    std::vector<std::string> send_list{};  ///< to these, the list alone
  };

  enum class progress : std::uint8_t {
    waiting, ///< others have not confirmed yet
    held,    ///< this was the last: the event may be acknowledged
    nothing, ///< it was held before, or is not open, or the list is not the
             ///< latest, or does not name this holder
  };

  explicit replica_origin(bounds limits);

  /// `copies` of `eligible` are to hold the event, by `deadline`. Requires
  /// at least one copy, and each name once.
  tl::expected<copy_order, copy_refusal>
  begin(const std::string& id, std::size_t copies,
        std::span<const node_life> eligible, clock::time_point deadline);

  /// A holder has the event, with that version of the list.
  progress confirmed(const std::string& id, const node_life& holder,
                     std::uint32_t version);

  /// A holder does not take the event, or has not got it. Nothing: it was none,
  /// or nobody can replace it; an event that is not held yet is given up by the
  /// next sweep then.
  std::optional<copy_order> refused(const std::string& id,
                                    const node_life& holder,
                                    std::span<const node_life> eligible);

  /// A holder is dead, has left, or is another life now: others hold its
  /// events from now on, as far as there are any.
  std::vector<copy_order> holder_lost(const node_life& holder,
                                      std::span<const node_life> eligible);

  /// The link to a holder is open, again or for the first time. What it has not
  /// confirmed may be lost: the latest lists, with the events where it is not
  /// known to have them.
  std::vector<copy_order> link_opened(const node_life& holder);

  /// A node that may hold copies has come: it gets those events that too few
  /// hold, because nobody could replace one that was lost.
  std::vector<copy_order> holder_came(const node_life& holder);

  /// Events that are not held and should be by now, or cannot be any more; they
  /// are let go, and their copies released.
  [[nodiscard]] std::vector<std::string> sweep(clock::time_point now);

  /// The event is concluded, or its origin gives it up: its copies are not
  /// needed. False: it was not open.
  bool done(const std::string& id);

  /// Ids whose copies this holder may let go, at most `most`, oldest first.
  [[nodiscard]] std::vector<std::string> take_releases(const node_life& holder,
                                                       std::size_t most);

  /// The page behind `after` of what is open at this holder, with at most
  /// `most` ids, at least one; `up_to` of the page is the next `after`.
  [[nodiscard]] audit_page audit(const node_life& holder,
                                 const std::string& after,
                                 std::size_t most) const;

  [[nodiscard]] std::size_t open() const noexcept {
    return entries_.size();
  }

  /// As many as were to have confirmed the event: what was promised stays so.
  [[nodiscard]] bool is_held(const std::string& id) const;

  /// A node that was not lost since then has confirmed the event.
  [[nodiscard]] bool has_holder(const std::string& id) const;

  [[nodiscard]] std::size_t releases() const noexcept;

private:
  struct place {
    node_life holder;
    std::uint32_t confirmed = 0; ///< version of the list; 0: nothing yet
  };

  struct entry {
    std::size_t copies = 1;
    std::uint32_t version = 1;
    std::vector<place> places{};
    std::vector<node_life> refusers{}; ///< bounded by the cluster, as are these
    /// Lost, or out of reach: they keep their copies until the latest list is
    /// complete.
    std::vector<node_life> former{};
    clock::time_point deadline{};
    bool held = false;
  };

  using entries = std::map<std::string, entry>;

  static bool is_complete(const entry& of);
  static bool is_hopeless(const entry& of);
  static bool is_free(const entry& of, const node_life& node);
  static bool counts(const entry& of, const node_life& holder);
  static copy_order order_of(const std::string& id, const entry& of);
  static bool remove(entry& of, const node_life& holder);
  static std::optional<copy_order> replace(const std::string& id, entry& of,
                                           std::span<const node_life> eligible);
  entries::iterator release(entries::iterator which);

  const bounds limits_;
  entries entries_;
  std::map<node_life, std::deque<std::string>> releases_;
};

} // namespace mfo::cluster
