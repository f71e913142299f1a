#pragma once

#include "cluster/membership/view.hpp"
#include "cluster/messages/work_packing.hpp"
#include "cluster/rules/batcher.hpp"
#include "cluster/rules/credit_window.hpp"
#include "cluster/rules/credit_windows.hpp"
#include "cluster/rules/inbox.hpp"
#include "cluster/rules/outbox.hpp"
#include "cluster/rules/peer_loads.hpp"
#include "cluster/rules/placement.hpp"
#include "cluster/sharing/work_host.hpp"
#include "core/event_lanes.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// What every node of protocol 1 grants a peer at most.
constexpr credit work_window{.events = 1024, .bytes = 16 * 1024 * 1024};

/// An event that is larger when packed is run where it came in.
constexpr std::size_t largest_moved = 2 * 1024 * 1024;

struct sharing_settings {
  /// Events that wait here before one is given to a peer for the load alone.
  std::size_t local_threshold = 16;
  outbox::bounds sent{};
  inbox_bounds taken{};
  batch_bounds batch{};
  /// By then a peer says that it has an event, or the event comes back.
  std::chrono::milliseconds received_within{2'000};
  /// So long an event waits for a node that can take it. One that its sender
  /// was told is taken waits as long as it lives.
  std::chrono::milliseconds wait_for_node{2'000};
  /// New events that wait so; those that come back wait in any case.
  std::size_t max_waiting = 1024;
  /// Events that wait for those before them with their ordering key, of this
  /// node and of peers each. Beyond that new ones are refused, or handed back.
  std::size_t max_in_line = 10'000;
};

/// Which node runs an event, and all that nodes say to each other about that.
/// An event that this node placed with a peer is this node's until the peer has
/// said how it ended: a peer that is lost, silent, full or draining gives it
/// back, and it is placed again. An event of a peer is run here once, however
/// often it comes. Events of one ordering key run in their order
/// (rules/ordering.hpp).
///
/// Pure: time and randomness are passed in, the rest is the host's. One owner,
/// not thread-safe.
class dispatcher {
public:
  using clock = std::chrono::steady_clock;

  dispatcher(const sharing_settings& settings, work_host& host,
             random_below random);

  /// Who is there, and how loaded; oneself by what is told of it.
  void set_view(std::shared_ptr<const view> members);

  /// This node's work of the moment.
  void set_load(const node_load& load) {
    self_.load = load;
  }

  /// From now on new events go to peers, as far as there are any that can take
  /// them, and those of peers are handed back.
  void drain() {
    draining_ = true;
    self_.draining = true;
  }

  /// A link to this process is up. Both sides know it by this number, which is
  /// positive and, of two nodes, never given twice.
  void link_opened(const node_life& peer, std::uint64_t link,
                   clock::time_point now);

  /// That link is over: what the peer had is placed again.
  void link_closed(const std::string& peer, std::uint64_t link,
                   clock::time_point now);

  /// The process is dead, has left, or was started anew.
  void gone(const node_life& peer);

  /// Where the event is to be run. `here`: it is the caller's to run; `peer`:
  /// it is under way, or waits for one (which has no name then), and the host
  /// will be given its answer; `nowhere`: no node can run it, or too many wait.
  /// An ordered one is never the caller's to run.
  placement place(const core::event_ptr& event,
                  const placement_request& request, clock::time_point now);

  /// A work message has come over the peer's present link.
  void come(const std::string& peer, std::string_view bytes,
            clock::time_point now);

  /// How an event ended that the host was asked to run, of a peer; or of this
  /// node.
  void ran(const node_life& origin, const core::event_ptr& event,
           const core::outcome& how, clock::time_point now);
  void ran_here(const core::event_ptr& event, core::outcome how,
                clock::time_point now);

  /// What each peer with a link may be sent now.
  [[nodiscard]] std::map<std::string, credit> credits() const;

  /// Says to the peer what there is to say; how many events, and ends of such.
  std::size_t flush(const std::string& peer, clock::time_point now);

  /// To be called every 100 ms or so: deadlines, and grants that wait.
  void sweep(clock::time_point now);

  /// Events that are at peers.
  [[nodiscard]] std::size_t away() const noexcept {
    return sent_.size();
  }

  /// Events of peers that run here.
  [[nodiscard]] std::size_t running() const noexcept {
    return taken_.running();
  }

  /// Events that wait for a node that can take them.
  [[nodiscard]] std::size_t waiting() const noexcept {
    return waiting_.size();
  }

  /// Events that wait for those before them with their ordering key.
  [[nodiscard]] std::size_t in_line() const noexcept {
    return own_.waiting() + turns_.waiting();
  }

private:
  /// One peer, as long as there is a link to it.
  struct line {
    node_life life;
    std::uint64_t link = 0;
    credit_sender may_send{};
    batcher<sent_event> batch;
    std::uint64_t received = 0;          ///< of its events on this link
    std::uint64_t heard = 0;             ///< of its conclusions
    std::optional<credit_grant> grant{}; ///< to be said
    std::vector<std::string> handed_back{};
    bool flush_under_way = false;
    bool has_news = false; ///< something to say, if only that something came
  };

  [[nodiscard]] bool stays(const placement_request& request) const;
  [[nodiscard]] static bool is_movable(const core::event& event);
  [[nodiscard]] bool has_credit(const std::string& peer,
                                std::size_t bytes) const;
  [[nodiscard]] placement stay_or_fail(const placement_request& request) const;
  [[nodiscard]] placement or_stay(placement where,
                                  const placement_request& request) const;
  [[nodiscard]] placement choose(const core::event& event,
                                 const placement_request& request);
  [[nodiscard]] placement choose_in_order(const core::event& event,
                                          const placement_request& request);
  [[nodiscard]] bool may_wait(const core::event& event,
                              const placement& where) const;
  bool hand(line& to, const core::event_ptr& event, unsigned moves,
            clock::time_point now);

  /// An event that no node can take at the moment.
  struct waiter {
    core::event_ptr event;
    placement_request request;
    unsigned moves = 0;
    clock::time_point until{};
  };

  /// An ordered event that is run here when those before it have ended.
  struct turn {
    core::event_ptr event;
    std::optional<node_life> origin{}; ///< nothing: this node
  };

  [[nodiscard]] placement place_in_line(waiter what, clock::time_point now);
  void end(const core::event_ptr& event, core::outcome how,
           clock::time_point now);
  bool take_turn(turn what);
  void begin_turn(const turn& what);
  void next_turn(const core::event& ended, clock::time_point now);
  void miss_turn(const turn& what, clock::time_point now);
  void drop_turns(const node_life& origin);
  void sweep_order(clock::time_point now);

  void place_again(outbox::returned back, clock::time_point now);
  bool try_to_place(const waiter& what, clock::time_point now);
  void wait(waiter what, clock::time_point now);
  void place_waiting(clock::time_point now);
  void note_news(line& of);

  void take_ends(line& from, std::vector<told_end> ends,
                 std::vector<std::string>& handed_back, clock::time_point now);
  core::event_ptr stop_waiting(const std::string& id);
  bool run(const node_life& origin, const core::event_ptr& event);
  void take_events(line& from, const std::vector<work_come::event>& events,
                   clock::time_point now);
  void tell_end(const node_life& origin, const core::event_ptr& event,
                const core::outcome& how, clock::time_point now);
  void finish(const std::string& peer, std::size_t bytes);

  const sharing_settings settings_;
  work_host& host_;
  const random_below random_;

  std::shared_ptr<const view> members_; ///< null: none has been set
  bool draining_ = false;
  candidate self_;
  std::vector<candidate> peers_;
  /// Of each peer, in the same order.
  std::vector<std::shared_ptr<const load_report>> reports_;
  peer_loads loads_;
  std::map<std::string, line, std::less<>> lines_;
  credit_windows granted_{work_window};
  outbox sent_;
  inbox<core::outcome> taken_;
  /// What an event that was placed asked of its place.
  std::map<std::string, placement_request, std::less<>> requests_;
  std::deque<waiter> waiting_;    ///< oldest first
  core::event_lanes<waiter> own_; ///< of this node, wherever they are run
  core::event_lanes<turn> turns_; ///< that are run here, whosever they are
};

} // namespace mfo::cluster
