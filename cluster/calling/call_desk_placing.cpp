// Who makes a call, and what waits until there is somebody.

#include "cluster/calling/call_desk.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

/// Of those that wait, in one go.
constexpr std::size_t waiting_calls_at_once = 256;

std::string nobody_for(const std::string& server, placement_reason why,
                       const std::string& last_peer) {
  auto text = why == placement_reason::role
                  ? std::string{"no other node has the role connector"}
                  : "no connector can be asked for " + server +
                        " now: each drains, is silent, has no room, or does "
                        "not know it";
  if (!last_peer.empty())
    text += "; it was with " + last_peer;
  return text;
}

} // namespace

void call_desk::place(const own_call_ptr& it, unsigned moves,
                      const std::string& last_peer, clock::time_point now) {
  const auto& call = *it->call;
  if (now >= call.deadline())
    return refuse(*it, core::errc::upstream_timeout,
                  last_peer.empty() ? "its time was up before it was sent"
                                    : "its time was up at " + last_peer);
  waiter what{.it = it, .moves = moves, .last_peer = last_peer};
  const auto where = choose(call, last_peer, now);
  if (where.where == placement::place::peer)
    return send_to(where.peer, what, now);
  if (!may_wait(call.server, where.reason))
    return refuse(*it, core::errc::no_eligible_node,
                  nobody_for(call.server, where.reason, last_peer));
  what.until = std::min(call.deadline(), now + settings_.wait_for_connector);
  waiting_.push_back(std::move(what));
}

/// Whether there is a connector that may be able to make such a call soon.
bool call_desk::may_wait(const std::string& server,
                         placement_reason why) const {
  const auto may_know = [&](const candidate& peer) {
    const auto to = lines_.find(peer.name);
    return peer.roles.has(role::connector) &&
           (to == lines_.end() || !to->second.unknown.contains(server));
  };
  return why == placement_reason::unavailable &&
         waiting_.size() < settings_.max_waiting &&
         std::any_of(peers_.begin(), peers_.end(), may_know);
}

void call_desk::send_to(const std::string& peer, const waiter& what,
                        clock::time_point now) {
  if (!hand(lines_.find(peer)->second, what.it, what.moves, now))
    return refuse(*what.it, core::errc::saturated,
                  "too many calls are at peers");
  ++totals_.handed;
  totals_.moved += what.last_peer.empty() ? 0 : 1;
}

void call_desk::place_waiting(clock::time_point now) {
  // What cannot be placed stays, in its order.
  for (auto left = std::min(waiting_.size(), waiting_calls_at_once); left > 0;
       --left) {
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    const auto& call = *first.it->call;
    // Whoever had it last may be the only one.
    const auto where = choose(call, {}, now);
    if (now >= first.until)
      refuse(*first.it, core::errc::no_eligible_node,
             nobody_for(call.server, where.reason, first.last_peer));
    else if (where.where == placement::place::peer)
      send_to(where.peer, first, now);
    else
      waiting_.push_back(std::move(first));
  }
}

call_desk::own_call_ptr call_desk::take_waiting(std::uint64_t number) {
  const auto found = std::find_if(
      waiting_.begin(), waiting_.end(),
      [number](const waiter& each) { return each.it->number == number; });
  if (found == waiting_.end())
    return nullptr;
  auto it = std::move(found->it);
  waiting_.erase(found);
  return it;
}

placement call_desk::choose(const remote_call& call,
                            const std::string& last_peer,
                            clock::time_point now) {
  const auto bytes = packed_size(call);
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    auto& peer = peers_[i];
    const auto& open = reports_[i]->open_circuits;
    peer.load = loads_.of(peer.name, *reports_[i]);
    peer.circuit_open =
        std::find(open.begin(), open.end(), call.server) != open.end();
    const auto found = lines_.find(peer.name);
    peer.has_credit = false;
    if (found == lines_.end())
      continue;
    const auto& to = found->second;
    const auto unknown = to.unknown.find(call.server);
    peer.has_credit = to.may_send.may_send(bytes) &&
                      (unknown == to.unknown.end() || unknown->second <= now);
  }
  return cluster::place({.needed = role::connector, .avoid = last_peer}, self_,
                        peers_, settings_.busy_threshold, random_);
}

} // namespace mfo::cluster
