#include "schema/circles.hpp"

#include <algorithm>

namespace mfo::schema {

namespace {

/// A depth-first search without recursion, as a way may be long.
class search {
public:
  search(const schema_graph& graph, bool same_value_only)
    : graph_(graph), same_value_only_(same_value_only), marks_(graph.size()) {}

  void from(std::size_t start) {
    enter(start);
    while (!way_.empty()) {
      auto& [at, next] = way_.back();
      if (next == graph_[at].size()) {
        marks_[at] = mark::done;
        way_.pop_back();
        continue;
      }
      const auto edge = graph_[at][next++];
      if (edge.same_value || !same_value_only_)
        enter(edge.to);
    }
  }

  std::optional<std::size_t> circle;
  std::size_t longest = 0;

private:
  enum class mark : unsigned char { unseen, on_the_way, done };

  struct step {
    std::size_t at;
    std::size_t next; ///< edge to follow
  };

  void enter(std::size_t at) {
    if (marks_[at] == mark::on_the_way)
      circle = at;
    if (marks_[at] != mark::unseen)
      return;
    marks_[at] = mark::on_the_way;
    way_.push_back({at, 0});
    longest = std::max(longest, way_.size());
  }

  const schema_graph& graph_;
  bool same_value_only_;
  std::vector<mark> marks_;
  std::vector<step> way_;
};

} // namespace

std::optional<std::size_t> find_circle(const schema_graph& graph) {
  search seen(graph, true);
  for (std::size_t i = 0; i < graph.size() && !seen.circle; ++i)
    seen.from(i);
  return seen.circle;
}

std::size_t longest_way(const schema_graph& graph, std::size_t start) {
  search seen(graph, false);
  seen.from(start);
  return seen.longest;
}

} // namespace mfo::schema
