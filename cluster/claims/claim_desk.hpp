#pragma once

#include "cluster/claims/claim_host.hpp"
#include "cluster/claims/fired_log.hpp"
#include "cluster/claims/told_queue.hpp"
#include "cluster/membership/view.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::cluster {

struct claim_settings {
  ownership::bounds window{};
  schedule_owner::bounds schedules{};
  /// How long an owner may take for an answer, each time that one is asked.
  std::chrono::milliseconds answer_within{250};
  unsigned tries = 2; ///< at least 1
  /// For how long a tick is left to its owner, and how long that must have been
  /// there before. Longer than clocks differ, and shorter than the grace of a
  /// schedule.
  std::chrono::milliseconds overdue{5'000};
  std::size_t max_pending = 10'000; ///< claims
  std::size_t max_told = 10'000;  ///< ends of deliveries that wait for one peer
  std::size_t max_ticks = 10'000; ///< that are kept
  std::size_t page = 1'024;       ///< ids that are handed over at a time
};

/// For metrics: since the start.
struct claim_counts {
  std::uint64_t asked = 0;       ///< questions to peers, each time
  std::uint64_t unasked = 0;     ///< fresh, as no owner could be asked in time
  std::uint64_t duplicates = 0;  ///< of the host's claims: not fresh
  std::uint64_t handed_over = 0; ///< ids that have another owner now
  std::uint64_t untold = 0;      ///< ends that an owner will not hear of
  std::uint64_t unanswered = 0;  ///< a peer asks faster than it can be answered
  std::uint64_t fired = 0;       ///< ticks, by this node
  std::uint64_t missed = 0;      ///< ticks: nobody is known to have fired them
  std::uint64_t unkept = 0;      ///< ticks that there was no room for
};

enum class tick_verdict : std::uint8_t {
  fire,     ///< the caller fires it, now
  pending,  ///< the host is told to fire it, unless another node does
  not_ours, ///< the same, once it is known that its owner will not fire it
  fired,    ///< it, or a later one of its trigger, was fired
  missed,   ///< it is too late
};

/// Which deliveries are repetitions, anywhere in the cluster, and who fires a
/// schedule's tick, with all that nodes say to each other about that. The rules
/// are `ownership` and `schedule_owner`.
///
/// An event is never refused because nobody could be asked: a claim whose owner
/// is lost, or silent `tries` times for `answer_within`, is fresh in the end.
/// How a delivery ended is told to the owner until it has heard of it, or to
/// who becomes the owner then; a change of the view hands over what is known. A
/// repetition may be missed while views change or differ, and when an owner
/// dies, as what it knew dies with it.
///
/// A tick of another node is kept for the schedule's grace. It is decided anew
/// when its owner has died, and when no word has come for `overdue` that it was
/// fired; then its owner counts as one that never knew of it. Only a node that
/// was there `overdue` before the tick came, in that life, is trusted to know
/// of it: by the clock of a younger one it may have been over before.
///
/// Pure: time is passed in, the rest is the host's. One owner, not thread-safe.
class claim_desk {
public:
  using clock = std::chrono::steady_clock;

  claim_desk(node_life self, const claim_settings& settings, claim_host& host);

  /// Who is there. Those that are alive own the ids.
  void set_view(const view& members, clock::time_point now);

  /// A link to this process is up. Both sides know it by this number, which is
  /// positive and, of two nodes, never given twice.
  void link_opened(const node_life& peer, std::uint64_t link);

  /// That link is over.
  void link_closed(const std::string& peer, std::uint64_t link);

  /// A delivery wants to go on; by `deadline` it has ended, settled or not.
  /// `number` tells it from all other claims of this process; from 1 to 2^63 -
  /// 1. Nothing: it is pending, and the host is told, within `tries` times
  /// `answer_within` and a sweep each.
  std::optional<claim_verdict> claim(const std::string& id,
                                     std::uint64_t number,
                                     clock::time_point deadline,
                                     clock::time_point now);

  /// The delivery has ended, or is held by this node and ends later. Whose
  /// claim is pending is withdrawn; the host is told nothing more of it.
  void settle(const std::string& id, std::uint64_t number,
              core::delivery_end end, clock::time_point now);

  /// A tick of a schedule is due, by this node's wall clock, which shows
  /// `now_unix`. `names`: the nodes that may fire this trigger.
  tick_verdict tick(const tick_record& what, std::span<const std::string> names,
                    clock::time_point now, std::chrono::milliseconds now_unix);

  /// The trigger is not configured any more.
  void forget(const std::string& trigger);

  /// A claims message has come over the peer's present link.
  void come(const std::string& peer, std::string_view bytes,
            clock::time_point now);

  /// Says to the peer what there is to say, in one message; how many questions,
  /// answers and ids.
  std::size_t flush(const std::string& peer, clock::time_point now);

  /// To be called every 100 ms or so.
  void sweep(clock::time_point now);

  /// Ids that this node knows as their owner.
  [[nodiscard]] std::size_t owned() const noexcept {
    return owned_.size();
  }

  [[nodiscard]] std::size_t pending() const noexcept {
    return questions_.size();
  }

  /// Ticks that are pending, or another node's.
  [[nodiscard]] std::size_t ticks() const noexcept {
    return ticks_.size();
  }

  /// What peers are to be told and have not acknowledged.
  [[nodiscard]] std::size_t told() const noexcept;

  [[nodiscard]] const claim_counts& counts() const noexcept {
    return counts_;
  }

private:
  /// A claim whose owner is asked.
  struct question {
    std::string id{};
    clock::time_point deadline{};
    std::optional<tick_record> tick{}; ///< nothing: it is the host's
    node_life asked{};
    clock::time_point until{};
    unsigned tries = 0;
    bool sent = false; ///< over the present link
  };

  using questions = std::map<std::uint64_t, question>;

  /// What is said over one link.
  struct open_link {
    std::uint64_t number = 0;
    fired_log::reader fired{};
    std::vector<std::uint64_t> to_ask{}; ///< numbers of questions
    std::vector<answered_claim> answers{};
    std::uint64_t heard = 0; ///< of what the peer told
    bool flush_under_way = false;
    bool has_news = false; ///< something to say, if only that something came
  };

  struct peer_line {
    told_queue told;
    std::optional<open_link> link{};
  };

  using lines = std::map<node_life, peer_line>;

  struct kept_tick {
    tick_record what{};
    std::vector<node_life> who{}; ///< may fire it, and know of it
    clock::time_point came{};
    std::chrono::milliseconds came_unix{0};
    std::string left_to{}; ///< whose it is; empty: this node's
    clock::time_point again{};
    std::uint64_t claim = 0; ///< that is pending; 0: none
  };

  using tick_key = std::pair<std::string, std::chrono::milliseconds>;

  // Claims.
  static claim_verdict verdict_of(ownership::verdict verdict) noexcept;
  std::optional<claim_verdict> ask(std::uint64_t number, question what,
                                   clock::time_point now);
  claim_verdict claim_here(const question& what, std::uint64_t number,
                           clock::time_point now);
  void put(std::uint64_t number, question& what, const node_life& owner,
           clock::time_point now);
  void ask_again(std::uint64_t number, clock::time_point now);
  void conclude(questions::iterator which, claim_verdict verdict,
                clock::time_point now);
  void tell(settled_claim what, clock::time_point now);
  void set_members(std::vector<node_life> members, clock::time_point now);
  std::vector<told_claim> take_back(clock::time_point now);
  void arrange_lines();
  void hand_over(clock::time_point now);
  [[nodiscard]] bool is_member(const node_life& node) const;
  void merge(std::vector<ownership::record> records, clock::time_point now);
  [[nodiscard]] bool lives(const node_life& node) const;

  // Links.
  peer_line& line_of(const node_life& peer);
  void note_news(const node_life& peer, peer_line& line);
  std::vector<asked_claim> take_asked(const node_life& peer, open_link& link,
                                      clock::time_point now);
  void take_told(const node_life& from, std::vector<told_claim> told,
                 clock::time_point now);
  void answer(const node_life& from, open_link& link,
              const std::vector<asked_claim>& asked, clock::time_point now);
  void take_answers(const node_life& from,
                    const std::vector<answered_claim>& answers,
                    clock::time_point now);

  // Ticks.
  tick_verdict decide(kept_tick& tick, clock::time_point now);
  tick_verdict leave_to_owner(kept_tick& tick, std::chrono::milliseconds late,
                              std::span<const std::string> names,
                              clock::time_point now);
  tick_verdict apply(kept_tick& tick, std::uint64_t number,
                     claim_verdict verdict, clock::time_point now);
  void tick_decided(const tick_record& what, claim_verdict verdict,
                    clock::time_point now);
  void decide_again(const tick_key& which, clock::time_point now);
  void look_at_ticks(clock::time_point now);
  void note_fired(const tick_record& what, bool own, clock::time_point now);
  void drop_ticks(const tick_record& fired);
  static tick_key key_of(const tick_record& what);
  [[nodiscard]] bool is_fired(const tick_record& what) const;
  [[nodiscard]] std::vector<node_life>
  who_know(std::span<const std::string> names, clock::time_point now) const;
  [[nodiscard]] std::vector<std::string>
  present(const std::vector<node_life>& who) const;

  const claim_settings settings_;
  const node_life self_;
  claim_host& host_;
  claim_counts counts_;

  ownership owned_;
  std::vector<node_life> members_; ///< alive, sorted; at least this node
  /// Alive or suspect; since when they are.
  std::map<node_life, clock::time_point> living_;
  questions questions_; ///< by their numbers
  lines lines_;         ///< of all members but this node, and of who has a link
  std::map<std::string, node_life, std::less<>> links_; ///< who has one
  /// Peers gave this node what others own by its view: looked at again then.
  std::optional<clock::time_point> rescan_at_;

  schedule_owner schedules_;
  fired_log log_;
  std::map<tick_key, kept_tick> ticks_;
  std::uint64_t tick_claims_ = 0; ///< so far
};

} // namespace mfo::cluster
