#pragma once

#include "cluster/calling/call_host.hpp"
#include "cluster/calling/run_book.hpp"
#include "cluster/membership/view.hpp"
#include "cluster/messages/call_packing.hpp"
#include "cluster/rules/batcher.hpp"
#include "cluster/rules/credit_window.hpp"
#include "cluster/rules/credit_windows.hpp"
#include "cluster/rules/outbox.hpp"
#include "cluster/rules/peer_loads.hpp"
#include "cluster/rules/placement.hpp"

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

/// What every node of protocol 1 grants a peer at most, in calls and in bytes
/// of them.
constexpr credit call_window{.events = 1024, .bytes = 16 * 1024 * 1024};

struct calling_settings {
  outbox::bounds away{
      .max_events = 4096, .max_bytes = 64 * 1024 * 1024, .max_moves = 3};
  run_bounds running{};
  batch_bounds batch{}; ///< of calls, and of results
  /// By then a peer says that it has a call, or the call comes back.
  std::chrono::milliseconds received_within{2'000};
  /// For so long a peer that said that it does not have a server is not asked
  /// for it again.
  std::chrono::milliseconds unknown_for{30'000};
  /// So long a call waits for a connector that can make it.
  std::chrono::milliseconds wait_for_connector{2'000};
  /// Calls that wait so.
  std::size_t max_waiting = 1024;
  /// Events that wait at a peer from which on it counts as busy.
  std::size_t busy_threshold = 16;
};

/// What the desk has done since it was made, for the metrics.
struct call_totals {
  std::uint64_t handed = 0;    ///< calls that went to a peer, each time
  std::uint64_t moved = 0;     ///< of these, calls that had come back
  std::uint64_t came_back = 0; ///< from a peer: lost, silent, or handed back
};

/// Calls of servers that this node has made by peers, as it is no connector,
/// and those that it makes for peers. For each call the caller gets one result:
/// what came of it, or why it was not made.
///
/// A call is made by one of the peers with the role `connector`, which runs it
/// once however often it comes. Is the peer lost, or silent, or does it not
/// want the call, then the call goes to another one, a few times at most, and
/// within its deadline. While there is one that may be able to make it soon, it
/// waits for that a little. Events, and calls that may be repeated (api::call),
/// may be made twice by that, with the same Idempotency-Key; a call that may
/// not is moved only if the peer says that it has done nothing, and is an error
/// (upstream_failed) else.
///
/// Errors of its own: no_eligible_node (nobody could be asked in time, or it
/// came back too often), saturated (too many calls are at peers, or results at
/// the connector's), payload_too_large (the request or the reply:
/// largest_call), upstream_timeout, upstream_failed, and taskflow_cancelled
/// after `cancel`.
///
/// A reply is not streamed from node to node: `on_data` of a request gets it in
/// one piece when it is whole, on the thread that owns the desk, just before
/// the result.
///
/// Pure: time and randomness are passed in, the rest is the host's. One owner,
/// not thread-safe.
class call_desk {
public:
  using clock = std::chrono::steady_clock;

  call_desk(const calling_settings& settings, call_host& host,
            random_below random);

  /// Who is there, and how loaded.
  void set_view(std::shared_ptr<const view> members);

  /// Whether this node takes no more calls of peers. Its own go on.
  void set_draining(bool draining) noexcept {
    draining_ = draining;
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

  /// Has the call made by a peer. The host is told what came of it, under this
  /// number, by the call's deadline and a second; before this returns, if
  /// there is nobody to wait for. Requires: the number is new in the life of
  /// this process, be it for a call or for an event; the request is not null.
  void call(const std::string& server, actors::api_request_ptr request,
            std::uint64_t number, clock::time_point now);

  /// The same for an event that is to be delivered.
  void forward(const std::string& server, core::event_ptr event,
               std::uint64_t number, clock::time_point now);

  /// Nobody waits for this call of ours any more: it has its result, before
  /// this returns, and its peer is told. Nothing, if it has ended.
  void cancel(std::uint64_t number, clock::time_point now);

  /// A message of calls has come over the peer's present link.
  void come(const std::string& peer, std::string_view bytes,
            clock::time_point now);

  /// What came of a call, or an event, that the host was asked to run. A second
  /// word is passed over.
  void ended(const call_key& key, actors::api_result_ptr result);
  void ended(const call_key& key, core::outcome how);

  /// Says to the peer what there is to say; how many calls, and results.
  std::size_t flush(const std::string& peer, clock::time_point now);

  /// To be called every 100 ms or so: deadlines, and what waits to be said.
  void sweep(clock::time_point now);

  /// Calls that are at peers.
  [[nodiscard]] std::size_t away() const noexcept {
    return sent_.size();
  }

  /// Calls that wait for a connector.
  [[nodiscard]] std::size_t waiting() const noexcept {
    return waiting_.size();
  }

  /// Calls of peers that run here.
  [[nodiscard]] std::size_t running() const noexcept {
    return book_.running();
  }

  /// Results of such calls that their callers have not acknowledged.
  [[nodiscard]] std::size_t untold() const noexcept {
    return book_.waiting();
  }

  /// Bytes of these.
  [[nodiscard]] std::size_t unread_bytes() const noexcept {
    return book_.bytes();
  }

  [[nodiscard]] const call_totals& totals() const noexcept {
    return totals_;
  }

private:
  /// One peer, as long as there is a link to it.
  struct line {
    node_life life;
    std::uint64_t link = 0;
    credit_sender may_send{};
    batcher<sent_call> batch;
    std::uint64_t received = 0;          ///< of its calls on this link
    std::uint64_t heard = 0;             ///< of its results
    std::optional<credit_grant> grant{}; ///< to be said
    std::vector<handed_back_call> handed_back{};
    std::vector<std::uint64_t> cancelled{};
    /// Servers that it does not have, and until when that is believed. Only
    /// those that were asked for.
    std::map<std::string, clock::time_point, std::less<>> unknown{};
    bool flush_under_way = false;
    bool has_news = false; ///< something to say, if only that something came
  };

  /// A call of this node, as the outbox keeps it.
  struct own_call {
    std::uint64_t number = 0;
    remote_call_ptr call{};
  };

  using own_call_ptr = std::shared_ptr<const own_call>;

  /// A call that no connector can make at the moment.
  struct waiter {
    own_call_ptr it;
    unsigned moves = 0;
    std::string last_peer{};
    clock::time_point until{};
  };

  void begin(remote_call call, std::uint64_t number, clock::time_point now);
  /// `last_peer`: who had it; empty: nobody yet.
  void place(const own_call_ptr& it, unsigned moves,
             const std::string& last_peer, clock::time_point now);
  [[nodiscard]] placement choose(const remote_call& call,
                                 const std::string& last_peer,
                                 clock::time_point now);
  [[nodiscard]] bool may_wait(const std::string& server,
                              placement_reason why) const;
  void send_to(const std::string& peer, const waiter& what,
               clock::time_point now);
  void place_waiting(clock::time_point now);
  /// Null: no call of this number waits.
  own_call_ptr take_waiting(std::uint64_t number);
  bool hand(line& to, const own_call_ptr& it, unsigned moves,
            clock::time_point now);
  void place_again(const outbox::returned& back, unsigned moves,
                   clock::time_point now);
  void give(const own_call& it, const actors::api_result_ptr& result);
  void refuse(const own_call& it, core::errc why, std::string detail);

  void take_results(line& from, const std::vector<told_result>& results,
                    clock::time_point now);
  void take_calls(line& from, const std::vector<sent_call>& calls,
                  clock::time_point now);
  void take_back(line& from, const handed_back_call& what,
                 clock::time_point now);
  void take(line& from, const sent_call& sent, std::size_t bytes,
            clock::time_point now);
  [[nodiscard]] std::optional<call_refusal>
  reason_against(const remote_call& call);
  void end(const call_key& key, actors::api_result_ptr result);
  void finish(const std::string& peer, std::size_t bytes);
  void note_news(line& of);

  const calling_settings settings_;
  call_host& host_;
  const random_below random_;

  candidate self_;
  std::vector<candidate> peers_;
  std::vector<std::shared_ptr<const load_report>> reports_; ///< of `peers_`
  peer_loads loads_;
  bool draining_ = false;
  std::map<std::string, line, std::less<>> lines_;
  credit_windows granted_{call_window};
  outbox sent_;
  std::deque<waiter> waiting_; ///< oldest first
  run_book book_;
  call_totals totals_;
};

} // namespace mfo::cluster
