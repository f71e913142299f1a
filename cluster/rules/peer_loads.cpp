#include "cluster/rules/peer_loads.hpp"

#include <algorithm>

namespace mfo::cluster {

void peer_loads::set_view(const view& members) {
  for (const auto& member : members.members())
    if (auto& known = at_[member.card->name]; known.report != member.load) {
      known.report = member.load;
      known.at_report = known.now;
    }
  std::erase_if(at_, [&](const auto& each) {
    return each.second.now == 0 && members.find(each.first) == nullptr;
  });
}

void peer_loads::sent(const std::string& peer) {
  ++at_[peer].now;
}

void peer_loads::left(const std::string& peer) {
  if (const auto known = at_.find(peer);
      known != at_.end() && known->second.now > 0)
    --known->second.now;
}

node_load peer_loads::of(const std::string& peer,
                         const load_report& report) const {
  node_load load{.queued = report.queue_depth,
                 .in_flight = report.in_flight,
                 .max_in_flight = report.max_in_flight};
  const auto known = at_.find(peer);
  if (known == at_.end() || load.max_in_flight == 0)
    return load;
  const auto& [now, at_report, last] = known->second;
  const auto all = load.queued + load.in_flight + now;
  const auto total = all > at_report ? all - at_report : 0;
  load.in_flight = std::min(total, load.max_in_flight);
  load.queued = total - load.in_flight;
  return load;
}

} // namespace mfo::cluster
