#include "cluster/rules/ordering.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <vector>

namespace mfo::cluster {

std::string runner_in_order(const std::string& lane,
                            const placement_request& request,
                            const candidate& self,
                            std::span<const candidate> peers) {
  std::vector<std::string> names;
  if (may_run(request, self, self))
    names.push_back(self.name);
  for (const auto& peer : peers)
    if (may_run(request, self, peer))
      names.push_back(peer.name);
  return names.empty() ? std::string{} : owner_of(lane, names);
}

} // namespace mfo::cluster
