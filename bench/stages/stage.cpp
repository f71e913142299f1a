#include "bench/stages/stage.hpp"

namespace mfo::bench {

std::vector<stage> all_stages() {
  std::vector<stage> all;
  for (const auto part :
       {listener_stages, validator_stages, router_stages, connector_stages,
        telemetry_stages, actor_stages, peer_stages}) {
    const auto some = part();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

} // namespace mfo::bench
