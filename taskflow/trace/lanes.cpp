#include "taskflow/trace/lanes.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace mfo::taskflow {

namespace {

class assigner {
public:
  assigner(const std::vector<task_span>& spans, std::size_t most)
    : spans_(spans), most_(most), lanes_(spans.size()) {
    stacks_.resize(1);
  }

  std::vector<std::optional<std::size_t>> run() {
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      if (!spans_[i].has_begun)
        continue;
      end_until(spans_[i].first);
      if (const auto lane = lane_for(i)) {
        lanes_[i] = lane;
        stacks_[*lane].push_back(i);
        free_.erase(*lane);
        open_.emplace(spans_[i].until, i);
      }
    }
    return std::move(lanes_);
  }

private:
  /// What has ended by then gives its place free.
  void end_until(std::size_t moment) {
    while (!open_.empty() && open_.begin()->first <= moment) {
      const auto ended = open_.begin()->second;
      open_.erase(open_.begin());
      const auto lane = *lanes_[ended];
      auto& stack = stacks_[lane];
      std::erase(stack, ended);
      if (stack.empty() && lane > 0)
        free_.insert(lane);
    }
  }

  std::optional<std::size_t> lane_for(std::size_t index) {
    const auto parent = spans_[index].parent;
    const auto above = parent ? lanes_[*parent] : std::optional<std::size_t>{0};
    if (above && is_on_top(parent, *above))
      return above;
    if (const auto found = free_.upper_bound(above.value_or(0));
        found != free_.end())
      return *found;
    if (stacks_.size() == most_)
      return std::nullopt;
    stacks_.emplace_back();
    return stacks_.size() - 1;
  }

  /// Whether nothing lies in the parent's lane but it and what is around it.
  bool is_on_top(std::optional<std::size_t> parent, std::size_t lane) const {
    const auto& stack = stacks_[lane];
    return parent ? !stack.empty() && stack.back() == *parent : stack.empty();
  }

  const std::vector<task_span>& spans_;
  std::size_t most_;
  std::vector<std::optional<std::size_t>> lanes_;
  std::vector<std::vector<std::size_t>> stacks_; ///< of a lane: what is open
  std::set<std::size_t> free_;                   ///< lanes, not the first
  std::multimap<std::size_t, std::size_t> open_; ///< by their ends
};

} // namespace

std::vector<std::optional<std::size_t>>
lanes_of(const std::vector<task_span>& spans, std::size_t most) {
  return assigner(spans, most).run();
}

} // namespace mfo::taskflow
