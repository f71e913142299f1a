#pragma once

#include "cluster/membership/load_report.hpp"
#include "cluster/membership/view.hpp"
#include "cluster/rules/placement.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace mfo::cluster {

/// How busy peers are between two of their reports: what a peer said, and what
/// it got of this node since then, or is done with. Without that all would go
/// to the peer that had little to do when it last spoke.
///
/// One owner, not thread-safe. It has an entry for each member at most, and for
/// those that still have something.
class peer_loads {
public:
  /// Who is there, and what they say of themselves.
  void set_view(const view& members);

  /// The peer has one more thing of this node, or one less.
  void sent(const std::string& peer);
  void left(const std::string& peer);

  /// What is at the peer by now, if it last said this.
  [[nodiscard]] node_load of(const std::string& peer,
                             const load_report& report) const;

private:
  struct things_at {
    std::size_t now = 0;
    std::size_t at_report = 0;
    std::shared_ptr<const load_report> report{}; ///< the last one
  };

  std::map<std::string, things_at, std::less<>> at_; ///< by peer
};

} // namespace mfo::cluster
