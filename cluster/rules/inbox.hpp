#pragma once

#include "cluster/rules/parcel.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mfo::cluster {

struct inbox_bounds {
  std::size_t max_running = 10'000;
  std::size_t max_known = 10'000; ///< outcomes not acknowledged
  std::chrono::milliseconds known_for = std::chrono::minutes{10};
  /// Conclusions that an origin has not acknowledged; of each origin.
  std::size_t max_waiting = 10'000;
};

/// The runner's side of work that is shared: the events that others' nodes sent
/// here, and how they ended. An event that comes again, as its link was lost,
/// is not run again while it runs, or as long as its outcome is remembered:
/// that is until its origin has acknowledged it, for it does not send it again
/// then. To an origin that is gone nothing is told, but it may only seem to be
/// gone.
///
/// An event is known by its origin's life and its id: an event with the same id
/// of another origin, or of an origin that has been restarted, is another one.
///
/// `Outcome` is copied. One owner, not thread-safe; time is passed in.
template <class Outcome>
class inbox {
public:
  using clock = std::chrono::steady_clock;

  struct conclusion {
    std::uint64_t number = 0; ///< grows; not without gaps
    std::string id{};
    Outcome outcome{};
  };

  enum class verdict : std::uint8_t {
    run,    ///< new: it is to be run, and concluded or handed back
    joined, ///< it runs already; its origin hears when it ends
    known,  ///< it has ended before: the outcome is among what is to be sent
    full,   ///< too many run: it is to be handed back
  };

  explicit inbox(inbox_bounds limits = {}) : limits_(limits) {}

  /// An event has come from its origin.
  verdict take(const node_life& origin, const std::string& id,
               clock::time_point now) {
    forget(now);
    if (const auto from = origins_.find(origin); from != origins_.end()) {
      const auto found = from->second.entries.find(id);
      if (found != from->second.entries.end()) {
        from->second.gone = false;
        if (!found->second.outcome)
          return verdict::joined;
        enqueue(from->second, found);
        return verdict::known;
      }
    }
    if (running_ >= limits_.max_running)
      return verdict::full;
    auto& source = origins_[origin];
    source.gone = false;
    source.entries.try_emplace(id);
    ++running_;
    return verdict::run;
  }

  /// An event that was to be run has ended. False: its origin is gone, so that
  /// nobody hears of it, or it was not running.
  bool conclude(const node_life& origin, const std::string& id,
                const Outcome& outcome, clock::time_point now) {
    const auto from = origins_.find(origin);
    if (from == origins_.end())
      return false;
    const auto found = from->second.entries.find(id);
    if (found == from->second.entries.end() || found->second.outcome)
      return false;
    found->second.outcome = outcome;
    found->second.known = known_.insert(known_.end(), {origin, id, now});
    --running_;
    const bool heard = !from->second.gone;
    if (heard)
      enqueue(from->second, found);
    else
      ++dropped_;
    forget(now);
    return heard;
  }

  /// An event that was to be run is handed back instead: it is forgotten.
  bool hand_back(const node_life& origin, const std::string& id) {
    const auto from = origins_.find(origin);
    if (from == origins_.end())
      return false;
    const auto found = from->second.entries.find(id);
    if (found == from->second.entries.end() || found->second.outcome)
      return false;
    from->second.entries.erase(found);
    --running_;
    tidy(from);
    return true;
  }

  /// The next conclusions to be sent to the origin, at most `most`, in the
  /// order of their numbers.
  [[nodiscard]] std::vector<conclusion> take_unsent(const node_life& origin,
                                                    std::size_t most) {
    std::vector<conclusion> batch;
    const auto from = origins_.find(origin);
    if (from == origins_.end())
      return batch;
    auto& source = from->second;
    auto next = std::partition_point(
        source.waiting.begin(), source.waiting.end(),
        [&](const conclusion& told) { return told.number <= source.sent; });
    for (; next != source.waiting.end() && batch.size() < most; ++next)
      batch.push_back(*next);
    if (!batch.empty())
      source.sent = batch.back().number;
    return batch;
  }

  /// A new link to the origin: what it has not acknowledged is sent again.
  void link_opened(const node_life& origin) {
    if (const auto from = origins_.find(origin); from != origins_.end())
      from->second.sent = 0;
  }

  /// The origin has all conclusions up to that number.
  void acknowledged(const node_life& origin, std::uint64_t number) {
    const auto from = origins_.find(origin);
    if (from == origins_.end())
      return;
    auto& [gone, entries, waiting, sent] = from->second;
    while (!waiting.empty() && waiting.front().number <= number) {
      const auto found = entries.find(waiting.front().id);
      if (found != entries.end() && found->second.outcome &&
          found->second.told == waiting.front().number) {
        known_.erase(found->second.known);
        entries.erase(found);
      }
      waiting.pop_front();
      --waiting_;
    }
    tidy(from);
  }

  /// The origin is dead, has left, or is another life now. What still runs goes
  /// on; nobody hears how it ends.
  void origin_gone(const node_life& origin) {
    const auto from = origins_.find(origin);
    if (from == origins_.end())
      return;
    auto& source = from->second;
    source.gone = true;
    dropped_ += source.waiting.size();
    waiting_ -= source.waiting.size();
    source.waiting.clear();
    tidy(from);
  }

  [[nodiscard]] std::size_t running() const noexcept {
    return running_;
  }

  /// Conclusions that are not acknowledged.
  [[nodiscard]] std::size_t waiting() const noexcept {
    return waiting_;
  }

  [[nodiscard]] std::size_t known() const noexcept {
    return known_.size();
  }

  /// Conclusions that no origin will hear: it was gone, or too many waited.
  [[nodiscard]] std::uint64_t dropped() const noexcept {
    return dropped_;
  }

private:
  struct ended {
    node_life origin;
    std::string id;
    clock::time_point at;
  };

  using ended_list = std::list<ended>;

  struct entry {
    std::optional<Outcome> outcome{};      ///< none: it runs
    typename ended_list::iterator known{}; ///< with an outcome
    std::uint64_t told = 0; ///< the last conclusion that says the outcome
  };

  using entry_map = std::unordered_map<std::string, entry>;

  struct source_state {
    bool gone = false;
    entry_map entries{};
    std::deque<conclusion> waiting{};
    std::uint64_t sent = 0; ///< up to this number, on the present link
  };

  using sources = std::map<node_life, source_state>;

  /// The oldest makes room: its origin gives it up at its deadline.
  void enqueue(source_state& source, typename entry_map::iterator what) {
    if (limits_.max_waiting == 0) {
      ++dropped_;
      return;
    }
    if (source.waiting.size() >= limits_.max_waiting) {
      source.waiting.pop_front();
      --waiting_;
      ++dropped_;
    }
    what->second.told = ++last_number_;
    source.waiting.push_back(
        {last_number_, what->first, *what->second.outcome});
    ++waiting_;
  }

  /// Outcomes that are too old or too many.
  void forget(clock::time_point now) {
    while (!known_.empty() && (known_.size() > limits_.max_known ||
                               known_.front().at + limits_.known_for <= now)) {
      const auto& oldest = known_.front();
      const auto from = origins_.find(oldest.origin);
      if (from != origins_.end()) {
        from->second.entries.erase(oldest.id);
        tidy(from);
      }
      known_.pop_front();
    }
  }

  void tidy(typename sources::iterator from) {
    if (from->second.entries.empty() && from->second.waiting.empty())
      origins_.erase(from);
  }

  const inbox_bounds limits_;
  sources origins_;
  ended_list known_; ///< oldest first
  std::size_t running_ = 0;
  std::size_t waiting_ = 0;
  std::uint64_t last_number_ = 0;
  std::uint64_t dropped_ = 0;
};

} // namespace mfo::cluster
