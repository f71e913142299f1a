#pragma once

#include "cluster/rules/ownership.hpp"
#include "core/delivery_window.hpp"
#include "tests/model/digest.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::model {

/// What is remembered of deliveries, by a node that is alone.
class window_of_a_node {
public:
  using clock = std::chrono::steady_clock;
  using verdict = core::delivery_window::verdict;

  /// Who has no claim any more is not listened to.
  static constexpr bool remembers_all_that_was_taken = false;

  window_of_a_node(std::size_t max_ids, std::chrono::milliseconds age)
    : window_({.max_ids = max_ids, .age = age}) {}

  verdict claim(const std::string& id, std::size_t who,
                clock::time_point deadline, clock::time_point now) {
    return window_.claim(id, &events_.at(who), deadline, now);
  }

  void settle(const std::string& id, std::size_t who, core::delivery_end end,
              clock::time_point) {
    window_.settle(id, &events_.at(who), end);
  }

  [[nodiscard]] std::size_t size() const {
    return window_.size();
  }

private:
  core::delivery_window window_;
  std::array<char, 32> events_{};
};

/// The same by the owner of the ids in a cluster.
class window_of_an_owner {
public:
  using clock = std::chrono::steady_clock;
  using verdict = core::delivery_window::verdict;

  static constexpr bool remembers_all_that_was_taken = true;

  window_of_an_owner(std::size_t max_ids, std::chrono::milliseconds age)
    : ids_(self(), {.max_ids = max_ids, .age = age}) {
    ids_.set_view({self()});
  }

  verdict claim(const std::string& id, std::size_t who,
                clock::time_point deadline, clock::time_point now) {
    using of_owner = cluster::ownership::verdict;
    const auto said = ids_.claim(id, claimant(who), deadline, now);
    return said == of_owner::fresh   ? verdict::fresh
           : said == of_owner::taken ? verdict::taken
                                     : verdict::in_progress;
  }

  void settle(const std::string& id, std::size_t who, core::delivery_end end,
              clock::time_point now) {
    ids_.settle(id, claimant(who), end, now);
  }

  [[nodiscard]] std::size_t size() const {
    return ids_.size();
  }

private:
  static cluster::node_life self() {
    return {.name = "a", .incarnation = 1};
  }

  static cluster::ownership::claimant claimant(std::size_t who) {
    return {.node = self(), .number = who + 1};
  }

  cluster::ownership ids_;
};

/// Deliveries of a few ids that come, are under way, and end, or are never
/// heard of again, while `Window` remembers fewer of them.
template <class Window>
class window_world {
public:
  enum class kind : std::uint8_t { come, taken, failed, lost, tick };

  struct action {
    kind what;
    std::size_t which = 0; ///< id, or delivery of those under way
  };

  [[nodiscard]] std::vector<action> possible() const {
    std::vector<action> all;
    if (under_way_.size() < most_under_way)
      for (std::size_t id = 0; id < std::min(ids_seen_ + 1, ids); ++id)
        all.push_back({kind::come, id});
    for (std::size_t i = 0; i < under_way_.size(); ++i)
      for (const auto how : {kind::taken, kind::failed, kind::lost})
        all.push_back({how, i});
    all.push_back({kind::tick});
    return all;
  }

  void apply(const action& what) {
    now_ += std::chrono::milliseconds{1}; // no two at once: one is the oldest
    past_.add(what.what).add(what.which);
    if (what.what == kind::come)
      come(what.which);
    else if (what.what == kind::tick)
      pass_a_second();
    else
      end(what.which, what.what);
    if (window_.size() > remembered)
      complain("more ids are remembered than may be");
  }

  [[nodiscard]] std::string tell(const action& what) const {
    if (what.what == kind::tick)
      return "a second passes";
    if (what.what == kind::come)
      return "a delivery of " + name_of(what.which) + " comes";
    const auto of = "the delivery of " + name_of(under_way_[what.which].id);
    return what.what == kind::taken    ? of + " is taken care of"
           : what.what == kind::failed ? of + " fails"
                                       : of + " is never heard of again";
  }

  /// What is remembered shows what was forgotten, and in which order, only when
  /// others come. So no two pasts are taken for the same.
  [[nodiscard]] std::uint64_t fingerprint() const {
    return past_.value();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    return wrong_;
  }

  /// When whatever is under way has ended, and be it that nobody said so, each
  /// id may come that was not taken care of.
  [[nodiscard]] std::optional<std::string> play_out() {
    for (std::int64_t passed = 0; passed <= lives.count(); passed += 1'000)
      pass_a_second();
    for (std::size_t id = 0; id < ids; ++id) {
      now_ += std::chrono::milliseconds{1};
      come(id);
      if (!under_way_.empty())
        end(0, kind::failed);
    }
    return wrong_;
  }

private:
  using clock = std::chrono::steady_clock;
  using verdict = core::delivery_window::verdict;

  static constexpr std::size_t ids = 3;
  static constexpr std::size_t remembered = 2;
  static constexpr std::size_t most_under_way = 2;
  static constexpr std::chrono::milliseconds lives{1'500};
  static constexpr std::chrono::milliseconds age{3'500};

  struct delivery {
    std::size_t number;
    std::size_t id;
    clock::time_point deadline;
  };

  /// What is to be remembered of an id.
  struct memory {
    std::size_t id;
    std::size_t by; ///< the delivery's number
    bool taken;
    clock::time_point deadline;
    clock::time_point since;
  };

  static std::string name_of(std::size_t id) {
    return std::string(1, static_cast<char>('A' + id));
  }

  void come(std::size_t id) {
    ids_seen_ = std::max(ids_seen_, id + 1);
    const auto due = due_verdict(id);
    const auto number = deliveries_++;
    const auto deadline = now_ + lives;
    const auto said = window_.claim(name_of(id), number, deadline, now_);
    if (due == verdict::taken && said != due)
      complain(name_of(id) + " is remembered, and would be delivered again");
    if (due == verdict::in_progress && said != due)
      complain(name_of(id) + " is under way, and would be once more");
    if (due == verdict::fresh && said != due)
      complain(name_of(id) + " is held up, and nothing of it is under way");
    if (said != verdict::fresh)
      return;
    under_way_.push_back({.number = number, .id = id, .deadline = deadline});
    remember({.id = id,
              .by = number,
              .taken = false,
              .deadline = deadline,
              .since = now_});
  }

  verdict due_verdict(std::size_t id) {
    std::erase_if(memories_, [this](const memory& one) {
      return one.since + age <= now_;
    });
    const auto known = find(id);
    if (known == memories_.end())
      return verdict::fresh;
    if (known->taken)
      return verdict::taken;
    return known->deadline > now_ ? verdict::in_progress : verdict::fresh;
  }

  void remember(const memory& what) {
    if (const auto known = find(what.id); known != memories_.end())
      memories_.erase(known);
    memories_.push_back(what);
    if (memories_.size() > remembered)
      memories_.erase(memories_.begin());
  }

  void end(std::size_t which, kind how) {
    const auto ended = under_way_[which];
    under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(which));
    if (how == kind::lost)
      return;
    window_.settle(name_of(ended.id), ended.number,
                   how == kind::taken ? core::delivery_end::taken
                                      : core::delivery_end::failed,
                   now_);
    const auto known = find(ended.id);
    const bool has_claim =
        known != memories_.end() && !known->taken && known->by == ended.number;
    if (how == kind::failed && has_claim)
      memories_.erase(known);
    if (how == kind::failed ||
        !(has_claim || Window::remembers_all_that_was_taken))
      return;
    if (known == memories_.end()) // it was forgotten
      remember({.id = ended.id,
                .by = ended.number,
                .taken = true,
                .deadline = ended.deadline,
                .since = now_});
    else
      known->taken = true;
  }

  /// What has reached its deadline has ended, whoever said so.
  void pass_a_second() {
    now_ += std::chrono::seconds{1};
    std::erase_if(under_way_,
                  [this](const delivery& one) { return one.deadline <= now_; });
  }

  typename std::vector<memory>::iterator find(std::size_t id) {
    return std::find_if(memories_.begin(), memories_.end(),
                        [id](const memory& one) { return one.id == id; });
  }

  void complain(std::string what) {
    if (!wrong_)
      wrong_ = std::move(what);
  }

  Window window_{remembered, age};
  clock::time_point now_{std::chrono::hours{100}};
  std::size_t ids_seen_ = 0;
  std::size_t deliveries_ = 0;
  std::vector<delivery> under_way_;
  std::vector<memory> memories_; ///< the oldest first
  digest past_;
  std::optional<std::string> wrong_;
};

} // namespace mfo::model
