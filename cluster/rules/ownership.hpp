#pragma once

#include "cluster/rules/parcel.hpp"
#include "core/delivery_window.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mfo::cluster {

/// Which deliveries are under way or were taken care of, anywhere in the
/// cluster: each id has one owner, by rendezvous over the members that a node
/// sees, and the owner is asked. So there is at most one owner for an id in a
/// view; nodes whose views differ may ask different ones, and then a repetition
/// is missed, as it is between a change of the view and the hand-over.
///
/// An answer counts while who gave it is the owner in the asker's own view, in
/// that life: `is_current`. What an owner that is dead or was restarted said
/// before is asked anew.
///
/// core::delivery_window does the same for one node alone, where a claimant is
/// a pointer, nothing is handed over and many threads ask.
///
/// Bounded by the number of ids, of which the oldest is forgotten first, and by
/// their age. One owner, not thread-safe; time is passed in.
class ownership {
public:
  using clock = std::chrono::steady_clock;

  struct bounds {
    std::size_t max_ids = 100'000; ///< 0: nothing is remembered
    std::chrono::milliseconds age = std::chrono::hours{24};
  };

  /// Tells deliveries of one id apart.
  struct claimant {
    node_life node{};
    std::uint64_t number = 0; ///< of this node's claims

    friend bool operator==(const claimant&, const claimant&) = default;
  };

  /// What is known of an id, from the least to the most.
  enum class state : std::uint8_t {
    running, ///< a delivery of it is under way
    held,    ///< it was acknowledged, by a node that alone has it
    done,    ///< it was taken care of
  };

  /// What is handed over of an id; times as spans, since clocks differ.
  struct record {
    std::string id{};
    state what = state::running;
    claimant by{};                     ///< unless it is done
    std::chrono::milliseconds left{0}; ///< of the claim, while it runs
    std::chrono::milliseconds age{0};
  };

  struct hand_over {
    node_life to{};
    std::vector<record> records{};
  };

  enum class verdict : std::uint8_t {
    fresh,       ///< never seen, or forgotten, or failed: it is under way now
    in_progress, ///< another delivery of this id is under way, or held
                 ///< elsewhere
    taken,       ///< it was taken care of, or the claimant's node holds it
    not_owner,   ///< this node is not to be asked; nothing has changed
  };

  ownership(node_life self, bounds limits);

  /// The members that live, this node among them, each once. What others own
  /// now is to be handed over.
  void set_view(const std::vector<node_life>& members);

  /// Nothing: no view has been set.
  [[nodiscard]] std::optional<node_life> owner(const std::string& id) const;

  /// Whether who answered for the id is its owner.
  [[nodiscard]] bool is_current(const std::string& id,
                                const node_life& answered) const;

  /// A delivery wants to go on; by `deadline` it has ended, settled or not.
  verdict claim(const std::string& id, const claimant& who,
                clock::time_point deadline, clock::time_point now);

  /// The delivery has ended. Held or taken care of, that is remembered whoever
  /// says it; else the id may come again, if this was its claimant. What is
  /// held may end once more. False: another node is to be told.
  bool settle(const std::string& id, const claimant& who,
              core::delivery_end end, clock::time_point now);

  /// A node is dead or has left: its claims are void, and what it held alone is
  /// lost, so that it is fresh when it comes again.
  void claimant_gone(const node_life& node);

  /// Looks at the next `most` entries for what belongs to others since the view
  /// has changed; that is forgotten here. To be called until `is_settled`.
  [[nodiscard]] std::vector<hand_over> next_hand_over(std::size_t most,
                                                      clock::time_point now);

  [[nodiscard]] bool is_settled() const noexcept {
    return !scanned_up_to_;
  }

  /// What another has handed over, or says once more: who knows more of an id
  /// is believed, and of two that know the same the one that is known stays.
  /// What is held must be so by a node of which `claimant_gone` is called some
  /// day.
  void merge(const std::vector<record>& records, clock::time_point now);

  [[nodiscard]] std::size_t size() const noexcept {
    return entries_.size();
  }

private:
  /// Since when it is remembered, and a number to tell equals apart.
  using order_key = std::pair<clock::time_point, std::uint64_t>;

  struct entry {
    state what = state::running;
    claimant by{}; ///< of nobody when it is done
    clock::time_point deadline{};
    order_key place{};
  };

  using entries = std::unordered_map<std::string, entry>;

  [[nodiscard]] bool is_mine(const std::string& id) const;
  void put(const std::string& id, entry what, clock::time_point since);
  void erase(entries::iterator which);
  void forget(clock::time_point now);

  const node_life self_;
  const bounds limits_;
  std::vector<std::string> names_;             ///< of the view
  std::map<std::string, std::uint64_t> lives_; ///< incarnations of the view
  entries entries_;
  std::map<order_key, std::string> order_; ///< oldest first
  std::uint64_t turns_ = 0;
  /// Entries up to here have been looked at; nothing: all have.
  std::optional<order_key> scanned_up_to_;
};

} // namespace mfo::cluster
