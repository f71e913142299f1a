#pragma once

#include "cluster/rules/placement.hpp"

#include <span>
#include <string>

/// Events with one `ordering_key` run one after the other, in the order in
/// which their origin admitted them. The origin has one of each lane
/// (core/event_lanes.hpp) under way at a time: the next one is placed when the
/// one before it has ended, wherever that was. So nothing overtakes it, also
/// when a runner is lost, hands it back, or is another one after a change of
/// the view. The lane picks the runner, so that all origins that see the same
/// nodes send to the same one, which lets one run at a time.
namespace mfo::cluster {

/// Who runs the events of a lane, whatever the load and the credit there, and
/// whatever the request prefers: of those that may run them, the owner of the
/// lane. Empty: nobody may.
[[nodiscard]] std::string runner_in_order(const std::string& lane,
                                          const placement_request& request,
                                          const candidate& self,
                                          std::span<const candidate> peers);

} // namespace mfo::cluster
