#pragma once

#include <functional>
#include <string_view>
#include <vector>

/// The stages of the hot path, each by itself: what is done for one event, with
/// nothing of the network. The micro benchmarks time them (bench/micro), and
/// bench/instructions counts their instructions.
namespace mfo::bench {

/// What the stage does for one event. False: it did not come out as it should.
/// Keeps what it needs, and is the same from one time to the next: fixed
/// inputs, fixed seeds, one thread, a clock of its own where a time decides
/// what is done.
using step = std::function<bool()>;

struct stage {
  std::string_view name; ///< a word: a-z, 0-9, _
  step (*make)();
};

/// All of them, in the order in which an event passes them.
[[nodiscard]] std::vector<stage> all_stages();

// By what they belong to; together they are all.
[[nodiscard]] std::vector<stage> listener_stages();
[[nodiscard]] std::vector<stage> validator_stages();
[[nodiscard]] std::vector<stage> router_stages();
[[nodiscard]] std::vector<stage> connector_stages();
[[nodiscard]] std::vector<stage> telemetry_stages();
[[nodiscard]] std::vector<stage> actor_stages();
[[nodiscard]] std::vector<stage> peer_stages();

} // namespace mfo::bench
