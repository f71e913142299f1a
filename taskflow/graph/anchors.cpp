#include "taskflow/graph/anchors.hpp"

#include <set>
#include <utility>

namespace mfo::taskflow {

/// The items that an arrow of the same block leads to, or comes from.
struct anchors::arrows {
  std::set<std::string_view> to;
  std::set<std::string_view> from;
};

anchors::anchors(const picture& of) {
  arrows seen;
  for (const auto& edge : of.edges) {
    if (edge.what == picture::arrow::runs ||
        edge.what == picture::arrow::starts)
      continue;
    seen.from.insert(edge.from);
    seen.to.insert(edge.to);
  }
  for (const auto& item : of.items)
    place(item, seen);
  for (const auto& edge : of.edges) {
    need(bottom_of(edge.from));
    need(top_of(edge.to));
  }
}

/// An anchor needs those that it is above, or below.
void anchors::need(const std::string& node) {
  const auto found = anchors_.find(node);
  if (found == anchors_.end() || !needed_.insert(node).second)
    return;
  for (const auto& other : found->second)
    need(other);
}

void anchors::place(const picture::item& item, const arrows& seen) {
  ends made{.top = item.id, .bottom = item.id};
  if (is_cluster(item.what)) {
    std::vector<std::string> tops;
    std::vector<std::string> bottoms;
    for (const auto& inner : item.inside) {
      place(inner, seen);
      const auto& of = ends_.at(inner.id);
      if (!seen.to.contains(inner.id))
        tops.push_back(of.top);
      if (!seen.from.contains(inner.id))
        bottoms.push_back(of.bottom);
    }
    made.top = end_of(tops, item.id + "/:top");
    made.bottom = end_of(bottoms, item.id + "/:bottom");
  }
  ends_.insert_or_assign(item.id, std::move(made));
}

/// The only node, or an anchor.
std::string anchors::end_of(const std::vector<std::string>& nodes,
                            std::string name) {
  if (nodes.size() == 1)
    return nodes.front();
  anchors_.insert_or_assign(name, nodes);
  return name;
}

const std::string& anchors::top_of(const std::string& item) const {
  return ends_.at(item).top;
}

const std::string& anchors::bottom_of(const std::string& item) const {
  return ends_.at(item).bottom;
}

std::vector<anchors::anchor> anchors::of(const std::string& cluster) const {
  std::vector<anchor> result;
  const auto& [top, bottom] = ends_.at(cluster);
  for (const auto& [node, suffix] :
       {std::pair{top, "/:top"}, std::pair{bottom, "/:bottom"}})
    if (node == cluster + suffix && needed_.contains(node))
      result.push_back({node, node == top, anchors_.at(node)});
  return result;
}

} // namespace mfo::taskflow
