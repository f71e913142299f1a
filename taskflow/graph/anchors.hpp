#pragma once

#include "taskflow/graph/picture.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

/// Graphviz draws an arrow between clusters as one between two nodes in them
/// that is cut at their borders, and ranks these nodes alone. So an arrow into
/// a cluster leads to the node that is above all others in it, and one out of
/// it comes from that which is below. Where there is no such node, there is to
/// be one that is not seen, an anchor.
class anchors {
public:
  /// Keeps no reference.
  explicit anchors(const picture& of);

  /// The node where an arrow to the item ends.
  [[nodiscard]] const std::string& top_of(const std::string& item) const;
  /// Where one from it begins.
  [[nodiscard]] const std::string& bottom_of(const std::string& item) const;

  /// A node that a cluster needs, and the nodes that are below it, or above.
  struct anchor {
    std::string id;
    bool on_top;
    std::vector<std::string> others;
  };

  /// Those of the cluster that an arrow needs; at most two.
  [[nodiscard]] std::vector<anchor> of(const std::string& cluster) const;

private:
  struct ends {
    std::string top;
    std::string bottom;
  };

  struct arrows;
  void place(const picture::item& item, const arrows& seen);
  std::string end_of(const std::vector<std::string>& nodes, std::string name);
  void need(const std::string& node);

  std::map<std::string, ends, std::less<>> ends_;
  std::map<std::string, std::vector<std::string>, std::less<>> anchors_;
  std::set<std::string, std::less<>> needed_;
};

} // namespace mfo::taskflow
