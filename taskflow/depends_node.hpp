#pragma once

#include "taskflow/depends.hpp"

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <initializer_list>

/// What depends.cpp and depends_parse.cpp share, and nobody else needs.
namespace mfo::taskflow {

using outcome_set = std::bitset<task_outcome_names.size()>;

constexpr outcome_set set_of(std::initializer_list<task_outcome> outcomes) {
  unsigned long bits = 0;
  for (const auto outcome : outcomes)
    bits |= 1ul << static_cast<unsigned>(outcome);
  return {bits};
}

inline bool contains(const outcome_set& set, task_outcome outcome) {
  return set.test(static_cast<std::size_t>(outcome));
}

/// What a task alone means.
inline constexpr auto ended_well =
    set_of({task_outcome::succeeded, task_outcome::skipped});

/// `in.size()` where there is none.
inline std::size_t
index_of(std::string_view task,
         const std::vector<depends_expression::mention>& in) {
  return static_cast<std::size_t>(
      std::ranges::find(in, task, &depends_expression::mention::task) -
      in.begin());
}

/// Negations are gone: parsing moves them inwards, to the outcomes.
struct depends_expression::node {
  enum class kind : std::uint8_t { all, any, task } what;
  std::vector<node> children; ///< of `all` and `any`
  std::size_t mention = 0;    ///< the next two of `task`
  outcome_set wanted;

  bool holds(const std::function<task_outcome(std::size_t)>& outcome_of) const {
    const auto child_holds = [&](const node& child) {
      return child.holds(outcome_of);
    };
    switch (what) {
    case kind::all:
      return std::ranges::all_of(children, child_holds);
    case kind::any:
      return std::ranges::any_of(children, child_holds);
    case kind::task:
      break;
    }
    return contains(wanted, outcome_of(mention));
  }

  bool is_plain() const {
    if (what == kind::task)
      return wanted == ended_well;
    return what == kind::all && std::ranges::all_of(children, &node::is_plain);
  }

  /// Whether `accept` takes the outcomes wanted at some place that names the
  /// task.
  template <class Predicate>
  bool any_place(std::size_t of, const Predicate& accept) const {
    if (what == kind::task)
      return mention == of && accept(wanted);
    return std::ranges::any_of(children, [&](const node& child) {
      return child.any_place(of, accept);
    });
  }
};

} // namespace mfo::taskflow
