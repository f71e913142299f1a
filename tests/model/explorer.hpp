#pragma once

#include <gtest/gtest.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iostream>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

/// Goes through all that can happen to some real objects in a small world, and
/// says the shortest way to what must not be.
namespace mfo::model {

/// Real objects, and what surrounds them: who calls them, how late it is, what
/// is under way, and what has happened so far that a promise is about. A copy
/// goes its own way.
template <class World>
concept small_world = std::copy_constructible<World> &&
    requires(World& world, const World& seen,
             const typename World::action& what) {
  /// All that may happen next; of what comes to the same, one is enough.
  { seen.possible() } -> std::same_as<std::vector<typename World::action>>;
  world.apply(what);
  /// What that is, as a sentence, before it happens.
  { seen.tell(what) } -> std::same_as<std::string>;
  /// States with the same fingerprint have the same future.
  { seen.fingerprint() } -> std::same_as<std::uint64_t>;
  /// What has happened and must not; asked after each action.
  { seen.wrong() } -> std::same_as<std::optional<std::string>>;
  /// What does not come to a good end from here on, though all goes well;
  /// asked once for each state.
  { seen.stuck() } -> std::same_as<std::optional<std::string>>;
};

/// Sanitizers make all of it many times slower: with one, the searches that
/// have a bound end some actions earlier.
#ifdef MFO_MODEL_UNDER_SANITIZER
constexpr unsigned actions_left_out = 2;
#else
constexpr unsigned actions_left_out = 0;
#endif

struct search_bounds {
  /// Actions after the first state. Without it the search ends when there is
  /// nothing new: for a world that has an end.
  std::optional<unsigned> depth{};
  /// More is a mistake of who made the world.
  std::size_t states = 3'000'000;
};

/// The shortest way to something that must not be.
struct finding {
  std::string what;
  std::vector<std::string> steps{};
};

inline std::ostream& operator<<(std::ostream& out, const finding& found) {
  out << found.what << ", after:\n";
  for (std::size_t i = 0; i < found.steps.size(); ++i)
    out << "  " << i + 1 << ". " << found.steps[i] << '\n';
  return out;
}

struct search_result {
  std::size_t states = 1; ///< different ones, the first included
  std::size_t transitions = 0;
  unsigned depth = 0;    ///< of the state that is farthest away
  bool complete = false; ///< there are no other states
  std::optional<finding> found{};
};

inline std::ostream& operator<<(std::ostream& out, const search_result& seen) {
  out << seen.states << " states, " << seen.transitions << " transitions, ";
  if (seen.complete)
    return out << "all that there are, up to " << seen.depth << " actions away";
  return out << "all within " << seen.depth << " actions";
}

/// Breadth first, so that the first finding is a shortest one.
template <small_world World>
class search {
public:
  search(const World& initial, const search_bounds& bounds)
    : initial_(initial), bounds_(bounds) {}

  search_result run() {
    known_.insert(initial_.fingerprint());
    if (auto why = initial_.stuck())
      seen_.found = finding{.what = *std::move(why)};
    else
      ahead_.push_back({.world = initial_, .number = 0, .depth = 0});
    while (!ahead_.empty() && !seen_.found) {
      const auto here = std::move(ahead_.front());
      ahead_.pop_front();
      if (seen_.states > bounds_.states)
        return seen_;
      if (here.depth < bounds_.depth.value_or(no_bound))
        go_on_from(here);
      else
        cut_off_ = true;
    }
    seen_.complete = !seen_.found && !cut_off_;
    return seen_;
  }

private:
  static constexpr unsigned no_bound = std::numeric_limits<unsigned>::max();

  struct state {
    World world;
    std::uint32_t number;
    unsigned depth;
  };

  /// How a state was first come to.
  struct way {
    std::uint32_t from;
    std::uint32_t action; ///< of those that are possible there
  };

  void go_on_from(const state& here) {
    const auto actions = here.world.possible();
    for (std::uint32_t i = 0; i < actions.size() && !seen_.found; ++i) {
      auto next = here.world;
      next.apply(actions[i]);
      ++seen_.transitions;
      auto why = next.wrong();
      const bool is_new = known_.insert(next.fingerprint()).second;
      if (!why && is_new)
        why = next.stuck();
      if (!why && !is_new)
        continue;
      ++seen_.states;
      seen_.depth = here.depth + 1;
      ways_.push_back({.from = here.number, .action = i});
      const auto number = static_cast<std::uint32_t>(ways_.size());
      if (why)
        seen_.found = finding{.what = *std::move(why), .steps = told(number)};
      else
        ahead_.push_back(
            {.world = std::move(next), .number = number, .depth = seen_.depth});
    }
  }

  /// The way there, played again from the first state.
  std::vector<std::string> told(std::uint32_t number) const {
    std::vector<std::uint32_t> taken;
    for (; number != 0; number = ways_[number - 1].from)
      taken.insert(taken.begin(), ways_[number - 1].action);
    std::vector<std::string> steps;
    World again = initial_;
    for (const auto each : taken) {
      const auto what = again.possible().at(each);
      steps.push_back(again.tell(what));
      again.apply(what);
    }
    return steps;
  }

  const World initial_;
  const search_bounds bounds_;
  search_result seen_;
  bool cut_off_ = false;
  std::unordered_set<std::uint64_t> known_;
  std::vector<way> ways_; ///< to state number 1 and those after it
  std::deque<state> ahead_;
};

/// With a sanitizer the depth is `actions_left_out` less.
template <small_world World>
search_result explore(const World& initial, search_bounds bounds = {}) {
  if (bounds.depth && *bounds.depth > actions_left_out)
    *bounds.depth -= actions_left_out;
  return search<World>{initial, bounds}.run();
}

/// Fails with the shortest way to what is wrong, and says how much was seen.
template <small_world World>
search_result expect_sound(std::string_view name, const World& initial,
                           search_bounds bounds = {}) {
  const auto seen = explore(initial, bounds);
  std::cout << name << ": " << seen << '\n';
  if (seen.found)
    ADD_FAILURE() << *seen.found;
  EXPECT_LE(seen.states, bounds.states) << "it has no end";
  return seen;
}

/// What is found in a world that something is wrong with, as text; empty:
/// nothing is. No action is left out for a sanitizer, as these searches end
/// early.
template <small_world World>
std::string first_finding(const World& initial, search_bounds bounds = {}) {
  const auto seen = search<World>{initial, bounds}.run();
  if (!seen.found)
    return {};
  std::cout << *seen.found << "  (" << seen << ")\n";
  return seen.found->what;
}

} // namespace mfo::model
