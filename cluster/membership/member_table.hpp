#pragma once

#include "cluster/membership/heartbeat.hpp"
#include "cluster/membership/orders.hpp"
#include "cluster/membership/settings.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster {

/// What a node has of all others, and its failure detector. Records merge by
/// `supersedes` and by nothing else, so that the tables of all nodes become
/// equal; what this node itself sees of a member, its link and heartbeats, is
/// kept beside the record.
///
/// The detector: a link that closes makes a member suspect at once; without
/// evidence that it lives for suspect_after it is suspect, for dead_after dead.
/// Evidence is whatever only the member itself can have caused, by whichever
/// way it came: its heartbeats, a greater number of one in another's table, a
/// refutation, a later incarnation.
///
/// Shown as alive is also who is suspect or dead in its record, but has a link
/// with this node and was heard on it within suspect_after: an accusation does
/// not weigh more than one's own ears. It is told of the accusation and refutes
/// it; the record spreads as it is meanwhile.
///
/// Not thread-safe. Time is passed in. Changes of what is shown, and links to
/// be closed, are appended to `out`.
class member_table {
public:
  using clock = std::chrono::steady_clock;

  struct link_state {
    link_key key;
    std::optional<address> dialled; ///< by this node, here
    clock::time_point since;
  };

  struct entry {
    std::shared_ptr<const member_record> record;
    std::shared_ptr<const load_report> load; ///< of its heartbeats, or null
    member_state shown = member_state::alive;
    std::optional<link_state> link;
    /// When a heartbeat last came from it, or its link opened.
    std::optional<clock::time_point> heard_at;
    std::uint64_t heard_sequence = 0; ///< the highest that it sent itself
    std::uint64_t sequence = 0;       ///< the highest known
    clock::time_point evidence_at;    ///< that it lives
    clock::time_point ended_at;       ///< of dead and left
  };

  using entry_map = std::map<std::string, entry, std::less<>>;

  enum class answer : std::uint8_t {
    taken,       ///< or known already
    bad,         ///< the card is out of bounds
    full,        ///< no space for another member
    stale,       ///< of an older incarnation than the known one
    second_link, ///< there is a better one
  };

  explicit member_table(const membership_settings& settings);
  member_table(const member_table&) = delete;
  member_table& operator=(const member_table&) = delete;

  /// A row of the table of `teller`, about another node than this one.
  answer learn(const table_row& row, std::string_view teller,
               clock::time_point now, order_list& out);

  /// A link is up with the node of this card. If there are two, the one stays
  /// that the smaller name dialled, and of two dials the later: both sides
  /// decide the same. `own_name` is this node's. Unless it was taken, the link
  /// is to be closed by the caller.
  answer link_up(const std::shared_ptr<const node_card>& card,
                 const link_state& link, std::string_view own_name,
                 clock::time_point now, order_list& out);

  /// Returns the link if it was the member's own, not one given up before.
  std::optional<link_state> link_down(const link_key& key,
                                      std::string_view reason,
                                      clock::time_point now, order_list& out);

  /// Gives up every link.
  void close_all(std::string_view reason, order_list& out);

  /// A heartbeat came from its sender; call it when its rows are learnt.
  /// Stale: also of a sender that is not known.
  answer heard(const heartbeat& message, clock::time_point now,
               order_list& out);

  /// Applies the detector, and forgets who ended long ago.
  void detect(clock::time_point now, order_list& out);

  /// This process did not run for so long: nobody is to blame for the silence.
  void allow_for(clock::duration stop, clock::time_point now);

  /// For a heartbeat: `own` first, then everybody; or, if those are more than
  /// there is space for, the next ones in turn. Dead and left members are not
  /// told of in the second half of their time, so that nobody learns of them
  /// anew after others have forgotten them.
  std::vector<table_row> rows(const table_row& own, clock::time_point now);

  [[nodiscard]] const entry_map& entries() const noexcept {
    return entries_;
  }

  [[nodiscard]] const entry* find(std::string_view name) const;

  /// Linked, and heard of within suspect_after.
  [[nodiscard]] bool is_fresh(const entry& member, clock::time_point now) const;

  /// Grows with each change of a member's card, shown state or link.
  [[nodiscard]] std::uint64_t version() const noexcept {
    return version_;
  }

private:
  entry_map::iterator find_next(const std::string& name);
  entry_map::iterator erase(entry_map::iterator which);
  bool make_room(const member_record& newcomer, order_list& out);
  answer add(const table_row& row, std::string_view teller,
             clock::time_point now, order_list& out);
  void adopt(entry& member, const table_row& row, clock::time_point now,
             std::string_view reason, order_list& out);
  void give_up_link(entry& member, std::string_view reason, order_list& out);
  void accuse(entry& member, member_state state, clock::time_point now);
  void judge_silence(entry& member, clock::time_point now, order_list& out);
  void show(entry& member, clock::time_point now, std::string_view reason,
            order_list& out);

  membership_settings settings_;
  entry_map entries_;                         ///< at most max_members - 1
  entry_map::iterator next_ = entries_.end(); ///< a guess of find_next
  std::string next_row_; ///< where the next part of the table begins
  std::uint64_t version_ = 0;
};

/// Dead or left.
[[nodiscard]] constexpr bool is_ended(member_state state) noexcept {
  return state == member_state::dead || state == member_state::left;
}

} // namespace mfo::cluster
