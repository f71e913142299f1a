#pragma once

#include "cluster/membership/node_card.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::cluster {

/// What both sides of a new link say first.
struct hello {
  std::string cluster; ///< the cluster's name
  node_card card;
  /// Of the side that dialled: its number of this dial (see `dial`), which
  /// both sides then know the link by. Of the other side 0.
  std::uint64_t dial = 0;
};

/// Why there is no link.
enum class refusal_code : std::uint8_t {
  other_cluster,
  bad_card,          ///< a name, a role, a label … out of bounds
  oneself,           ///< a node that dialled itself
  name_is_mine,      ///< it bears the judge's name, but is another process
  no_common_version, ///< of the cluster's protocol
  name_taken,        ///< a live node is linked that has its name
  older_incarnation, ///< a process that started later had its name
  turned_away,       ///< no space, another link, or the judge leaves
};

[[nodiscard]] std::string_view to_string(refusal_code code) noexcept;

/// For the logs of both sides: the text names both nodes and what each has.
struct refusal {
  refusal_code code;
  std::string text;
  /// Of older_incarnation, when that process is gone: the node that was refused
  /// had a clock that went back. It raises its incarnation above this one, and
  /// comes again.
  std::optional<incarnation> raise_above{};
};

/// What the judge knows of the name that a peer says it has.
struct known_process {
  incarnation born;
  bool linked = false; ///< and heard of just now
  bool gone = false;   ///< dead, or has left
};

/// Whether `theirs` may have a link: the version of the protocol to speak on
/// it, the highest that both know. Both sides judge, the link is up when both
/// agreed. A link with a process that is known already is no reason to refuse:
/// who dialled first is decided when it is up.
[[nodiscard]] tl::expected<std::uint16_t, refusal>
judge_hello(const hello& own, const hello& theirs,
            const std::optional<known_process>& known);

} // namespace mfo::cluster
