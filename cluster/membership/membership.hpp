#pragma once

#include "cluster/membership/dial_schedule.hpp"
#include "cluster/membership/hello.hpp"
#include "cluster/membership/member_table.hpp"
#include "cluster/membership/orders.hpp"
#include "cluster/membership/seed_list.hpp"
#include "cluster/membership/settings.hpp"
#include "cluster/membership/view.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// Of a membership, since its start; for metrics.
struct membership_counters {
  std::uint64_t stale_messages = 0;  ///< of an older incarnation, or unknown
  std::uint64_t bad_messages = 0;    ///< heartbeats or records out of bounds
  std::uint64_t refused_members = 0; ///< the table was full
  std::uint64_t suspicions = 0;      ///< members that became suspect here
  std::uint64_t refutations = 0;     ///< of this node
  std::uint64_t dials = 0;           ///< ordered
  std::uint64_t failed_dials = 0;    ///< or refused, or without an answer
};

/// Who is in the cluster, as one node sees it, and what to do about that: a
/// full mesh of links, of each pair dialled by the smaller name; heartbeats
/// with the member table on all of them; a failure detector (member_table).
/// Seeds are how a node finds the others: whoever has one that leads to no
/// live member dials it.
///
/// Pure: it owns no link and no timer. Each input returns what is to be done
/// now, in order. The time never goes back; randomness is `uniform`, in [0, 1).
/// Not thread-safe: it has one owner.
class membership {
public:
  using clock = std::chrono::steady_clock;

  /// Requires: check_card finds nothing wrong with `card`.
  membership(std::string cluster, node_card card,
             const membership_settings& settings,
             std::function<double()> uniform, clock::time_point now);

  /// To be called every tick_interval: heartbeats, dials, the detector.
  order_list tick(clock::time_point now);

  /// What to say first on a link: of a dial with its number, else with 0.
  [[nodiscard]] hello own_hello(std::uint64_t dial) const;

  /// judge_hello with what is known here. It changes nothing.
  [[nodiscard]] tl::expected<std::uint16_t, refusal>
  judge(const hello& theirs, clock::time_point now) const;

  /// Both sides agreed. `link.process` is that of `card`.
  order_list link_opened(const link_key& link, const node_card& card,
                         clock::time_point now);

  order_list link_closed(const link_key& link, std::string_view reason,
                         clock::time_point now);

  /// By any link, also one that is being closed.
  order_list heard(const heartbeat& message, clock::time_point now);

  order_list seeds_resolved(const std::vector<address>& seeds,
                            clock::time_point now);

  /// No connection, no TLS, no hello in time.
  order_list dial_failed(std::uint64_t number, clock::time_point now);

  /// The other side of this dial was refused here, by `judge`.
  order_list refused_peer(std::uint64_t number, const refusal& why,
                          clock::time_point now);

  /// This node was refused by a peer: by the one that it dialled, with the
  /// number of the dial, or by one that dialled it.
  order_list refused_by_peer(std::optional<std::uint64_t> number,
                             const refusal& why, clock::time_point now);

  /// The node's work, for the next heartbeats; `draining` is set here.
  void report_load(load_report load);

  /// Takes no new work from now on, and says so in every load report.
  order_list drain(clock::time_point now);

  /// Says that it left and, a heartbeat later, closes its links. Who is in more
  /// haste closes them after the orders of this call, which every peer then has
  /// before the end of its link.
  order_list leave(clock::time_point now);

  /// After `leave`: nothing is left to do.
  [[nodiscard]] bool has_left() const noexcept {
    return leaving_ && closed_;
  }

  /// The present view, made when it is first asked for after a change.
  std::shared_ptr<const view> snapshot();

  [[nodiscard]] const membership_counters& counters() const noexcept {
    return counters_;
  }

private:
  // Of oneself (membership.cpp).
  void set_own(member_state state, std::uint32_t refutation);
  void raise_above(const incarnation& other, order_list& out);
  void hear_of_oneself(const member_opinion& opinion, std::string_view teller,
                       order_list& out);
  [[nodiscard]] heartbeat make_heartbeat(clock::time_point now);
  void send_round(clock::time_point now, order_list& out);
  static void send_to(const member_table::entry& member, heartbeat message,
                      order_list& out);
  void allow_for_a_stop(clock::time_point now, order_list& out);
  void say_good_bye(clock::time_point now, order_list& out);
  order_list finish(order_list out);

  // Of links and messages (membership_links.cpp).
  void take_row(const table_row& row, std::string_view teller,
                clock::time_point now, order_list& out);
  void note_bad(const std::string& text, clock::time_point now,
                order_list& out);
  void note_full(std::string_view name, clock::time_point now, order_list& out);

  // Of dials and seeds (membership_dials.cpp).
  void resolve(clock::time_point now, order_list& out);
  void dial_others(clock::time_point now, order_list& out);
  void dial(const address& where, std::optional<std::string> expected,
            clock::time_point now, order_list& out);
  void end_refused_dial(std::uint64_t number, const refusal& why,
                        clock::time_point now);
  void forget_addresses();
  [[nodiscard]] bool is_linked(const address& where) const;
  [[nodiscard]] bool leads_to_a_member(const seed_list::seed& seed) const;

  const std::string cluster_;
  const membership_settings settings_;
  const std::function<double()> uniform_;

  std::shared_ptr<const node_card> card_;
  std::shared_ptr<const member_record> record_; ///< of oneself
  std::shared_ptr<const load_report> load_;
  std::uint64_t sequence_ = 1;
  bool draining_ = false;
  bool leaving_ = false;
  bool closed_ = false;

  member_table table_;
  seed_list seeds_;
  dial_schedule dials_;

  clock::time_point last_tick_;
  clock::time_point last_round_;
  clock::time_point next_round_;
  bool early_round_ = true; ///< there is something to say
  std::optional<clock::time_point> last_resolve_;
  clock::time_point close_at_; ///< of leaving

  std::optional<incarnation> conflict_; ///< the last one noticed
  std::optional<clock::time_point> full_noticed_;
  std::optional<clock::time_point> bad_noticed_;
  membership_counters counters_;

  std::uint64_t own_version_ = 1;        ///< of what a view shows of oneself
  std::shared_ptr<const view> snapshot_; ///< null: something changed
};

} // namespace mfo::cluster
