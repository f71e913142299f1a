#include "cluster/rules/ordering.hpp"

#include "cluster/rules/rendezvous.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mfo::cluster {

std::string key_routes::open(const std::string& key,
                             std::span<const std::string> names) {
  if (names.empty())
    return {};
  auto& known = routes_[key];
  const bool stays = known.open > 0 && std::find(names.begin(), names.end(),
                                                 known.runner) != names.end();
  if (!stays)
    known.runner = owner_of(key, names);
  ++known.open;
  return known.runner;
}

void key_routes::close(const std::string& key) {
  const auto found = routes_.find(key);
  if (found != routes_.end() && --found->second.open == 0)
    routes_.erase(found);
}

placement place_in_order(const std::string& key,
                         const placement_request& request,
                         const candidate& self,
                         std::span<const candidate> peers, key_routes& routes) {
  std::vector<std::string> names;
  if (may_run(request, self, self))
    names.push_back(self.name);
  for (const auto& peer : peers)
    if (may_run(request, self, peer))
      names.push_back(peer.name);
  auto runner = routes.open(key, names);
  if (runner.empty())
    return {.where = placement::place::nowhere,
            .reason = placement_reason::unavailable};
  if (runner == self.name)
    return {.where = placement::place::here, .reason = placement_reason::local};
  return {.where = placement::place::peer,
          .peer = std::move(runner),
          .reason =
              request.moved_because.value_or(placement_reason::ordering_key)};
}

} // namespace mfo::cluster
