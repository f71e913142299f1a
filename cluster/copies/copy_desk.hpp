#pragma once

#include "cluster/copies/copy_host.hpp"
#include "cluster/copies/copy_settings.hpp"
#include "cluster/copies/peer_watch.hpp"
#include "cluster/copies/sent_copies.hpp"
#include "cluster/membership/view.hpp"
#include "cluster/messages/copy_packing.hpp"
#include "cluster/rules/replica_origin.hpp"
#include "cluster/rules/replica_store.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mfo::cluster {

/// Why an event cannot be copied; nothing has been done.
enum class begin_refusal : std::uint8_t {
  too_few_peers,   ///< fewer may hold a copy than copies are wanted
  too_many_events, ///< as many are open as may be
  too_many_bytes,  ///< they would be more bytes than may be open
  known_id,        ///< an event with this id is open
  too_large, ///< it is larger than `largest_copied`, or a text in it too long
};

/// A word, for logs and metrics: "too_few_peers".
std::string_view to_string(begin_refusal why) noexcept;

/// `ack: replicated`: all that nodes say to each other about copies of events.
/// As the origin it has others hold an event until that has ended; as a holder
/// it keeps others' events, and has those taken over whose origin is gone. Who
/// holds what, and who takes over, is in rules/replication.hpp.
///
/// Whatever goes to a peer goes in one message per flush. A copy is kept as the
/// bytes that came, and is an event again only if it is taken over.
///
/// Pure: time is passed in, the rest is the host's. One owner, not thread-safe.
class copy_desk {
public:
  using clock = std::chrono::steady_clock;

  copy_desk(node_life self, const copy_settings& settings, copy_host& host);

  /// Who is there; and whether oneself drains, and keeps nothing new.
  void set_view(std::shared_ptr<const view> members, clock::time_point now);

  /// A link to this process is up. Both sides know it by this number, which is
  /// positive and, of two nodes, never given twice.
  void link_opened(const node_life& peer, std::uint64_t link,
                   clock::time_point now);

  /// That link is over: what was on its way is asked of others, or sent again
  /// over the next link.
  void link_closed(const std::string& peer, std::uint64_t link,
                   clock::time_point now);

  /// The process is dead, has left, or was started anew. The view says so too,
  /// sooner or later.
  void gone(const node_life& peer, clock::time_point now);

  /// `copies` other nodes, one at least, are to hold the event, by that time or
  /// `held_within` from now: the host will be told that they do, or that it has
  /// been given up. Requires: the event is proven.
  tl::expected<void, begin_refusal> begin(const core::event_ptr& event,
                                          std::size_t copies,
                                          clock::time_point by,
                                          clock::time_point now);

  /// An event that was begun has ended, whether it is held or not: its copies
  /// are let go. Does nothing for one that has been given up.
  void done(const std::string& id);

  /// An event has ended that the host was asked to take over.
  void concluded(const node_life& origin, const std::string& id);

  /// A copies message has come over the peer's present link.
  void come(const std::string& peer, std::string_view bytes,
            clock::time_point now);

  /// Says to the peer what there is to say; how many copies, and what became
  /// of such.
  std::size_t flush(const std::string& peer, clock::time_point now);

  /// Says to all which copies they are to keep, and which not: this node is
  /// about to leave.
  void flush_all(clock::time_point now);

  /// To be called every 100 ms or so: deadlines, take-overs, audits, and what
  /// need not be said at once.
  void sweep(clock::time_point now);

  [[nodiscard]] const copy_counts& counts() const noexcept {
    return counts_;
  }

  /// Events of this node that are held, or are to be.
  [[nodiscard]] std::size_t open() const noexcept {
    return open_.size();
  }

  [[nodiscard]] std::size_t open_bytes() const noexcept {
    return open_bytes_;
  }

  /// Events of others that are kept here; and of these, which run here.
  [[nodiscard]] std::size_t replicas() const noexcept {
    return store_.size();
  }

  [[nodiscard]] std::size_t replica_bytes() const noexcept {
    return store_.bytes();
  }

  [[nodiscard]] std::size_t running() const noexcept {
    return store_.taken();
  }

  /// What other nodes call an event of this node that is open.
  [[nodiscard]] std::optional<copy_name> name_of(const std::string& id) const;

  /// Whether an event of this node was begun, and the host has not been told
  /// what came of that.
  [[nodiscard]] bool is_awaited(const std::string& id) const;

  /// Whether a peer that is to stay holds an event of this node.
  [[nodiscard]] bool has_holder(const std::string& id) const;

  /// Who holds it, or is to.
  [[nodiscard]] std::vector<node_life> holders_of(const std::string& id) const;

  /// Whether a copy is kept here.
  [[nodiscard]] bool holds(const copy_name& which) const;

private:
  /// What was done to have an event, or its list, at a peer.
  struct place {
    std::string peer{};
    std::uint64_t line = 0;  ///< what follows is of this one
    bool waits = false;      ///< to be sent
    bool with_event = false; ///< not the list alone
    bool has_event = false;  ///< it was sent
  };

  /// An event of this node that others hold, or are to.
  struct open_event {
    core::event_ptr event{};
    std::size_t bytes = 0;
    clock::time_point by{};
    bool held = false;
    holder_list list{};
    std::vector<place> places{}; ///< one for a peer
  };

  /// An event of another node, as it came.
  struct kept_event {
    std::string bytes{};
    clock::time_point since{};
  };

  /// One peer, as long as there is a link to it.
  struct line {
    node_life life{};
    std::uint64_t link = 0;
    std::uint64_t serial = 0; ///< given to no other line of this desk
    // As the origin.
    sent_copies sent;
    std::deque<std::uint64_t> waiting{}; ///< tickets; some may be open no more
    bool has_releases = false;
    clock::time_point audit_at{};
    std::uint64_t audit_after = 0; ///< where the next page begins
    // As the holder.
    std::uint64_t received = 0; ///< of its copies
    std::uint64_t told = 0;     ///< of these, so many have been answered
    std::vector<refused_copy> refused{};

    bool flush_under_way = false;
    bool has_news = false;
  };

  /// For another holder, until there is a link to it.
  struct note {
    copy_name what{};
    bool ended = false; ///< it runs, otherwise
  };

  using lines = std::map<std::string, line, std::less<>>;

  // copy_desk.cpp: the origin's side.
  void apply(const replica_origin::copy_order& order);
  void apply(const std::vector<replica_origin::copy_order>& orders);
  void enqueue(std::uint64_t ticket, open_event& which, const std::string& peer,
               bool with_event);
  open_event* awaited(std::uint64_t ticket, const line& at);
  static place& place_at(open_event& which, const line& to);
  static bool names(const holder_list& list, const node_life& node);
  void forget(std::unordered_map<std::uint64_t, open_event>::iterator which);
  void ask_others(std::uint64_t ticket, const node_life& instead_of);
  void give_up(clock::time_point now);

  // copy_desk_links.cpp: who is there, and what goes to them.
  void look(clock::time_point now);
  void holder_lost(const node_life& holder);
  void note_news(line& of);
  bool add_releases(line& to, copies_sent& message);
  void add_page(line& to, copies_sent& message, clock::time_point now);
  bool add_notes(const line& to, copies_sent& message);
  bool add_copies(line& to, copies_sent& message);

  // copy_desk_talk.cpp: what comes from them.
  [[nodiscard]] std::optional<std::string_view>
  fault_in(const line& from, const copies_come& message) const;
  void take_answers(line& from, const copies_come& message);
  void take_releases(const node_life& from, const copies_come& message);
  void take_copies(line& from, const std::vector<copy_come>& copies,
                   clock::time_point now);
  std::optional<keep_refusal>
  keep(const node_life& origin, const copy_come& copy, clock::time_point now);

  // copy_desk_failover.cpp: events whose origin is gone.
  void take_over(clock::time_point now);
  void run(const replica_store::take_over& mine, clock::time_point now);
  void tell_running(clock::time_point now);
  void add_note(const std::string& holder, note what);

  const node_life self_;
  const copy_settings settings_;
  copy_host& host_;

  peer_watch watch_;
  lines lines_;
  std::uint64_t last_serial_ = 0;

  replica_origin origin_;
  std::unordered_map<std::uint64_t, open_event> open_; ///< by ticket
  std::unordered_map<std::string, std::uint64_t> tickets_;
  std::uint64_t last_ticket_ = 0;
  std::size_t open_bytes_ = 0;

  replica_store store_;
  /// Tickets of what runs here, by origin and id: an origin may have used an id
  /// again before it was gone.
  std::map<std::pair<node_life, std::string>, std::vector<std::uint64_t>>
      running_;
  std::map<std::string, std::deque<note>> notes_; ///< by holder
  bool due_soon_ = false;
  clock::time_point due_at_{};
  clock::time_point tell_running_at_{};

  copy_counts counts_;
};

} // namespace mfo::cluster
