#pragma once

#include "node/doctor/finding.hpp"

#include "cluster/membership/hello.hpp"
#include "cluster/membership/node_card.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mfo::node::doctor {

/// What came of a visit to a seed of the cluster.
struct peer_seen {
  std::string address; ///< `10.0.0.3:7420`
  std::string name{};  ///< by its certificate; empty: not known
  /// Why there was no link, in the transport's words; empty: there was one.
  std::string failure{};
  /// It ended the link without a word, as it does for a while where a node of
  /// the same name has just linked to it.
  bool hung_up = false;
  /// What it answered to `visit_card`; nothing: no word.
  std::optional<cluster::refusal> answer{};
};

/// The hello of a visitor: complete, but of a protocol that no release speaks,
/// so that every node refuses it and says what it speaks itself, and nobody
/// takes the visitor for a member.
[[nodiscard]] cluster::hello
visit_card(std::string cluster, cluster::node_card own, std::uint64_t dial);

/// What a node says of itself when it refuses a visitor.
struct peer_release {
  cluster::protocol_range speaks;
  std::string software;
};

/// Of the text of a refusal for want of a common version.
[[nodiscard]] std::optional<peer_release> release_in(std::string_view text);

/// `own` is the node of the configuration: its name, protocol and release.
[[nodiscard]] finding judge_peer(const peer_seen& seen,
                                 const cluster::node_card& own);

} // namespace mfo::node::doctor
