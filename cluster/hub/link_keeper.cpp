#include "cluster/hub/link_keeper.hpp"

#include "cluster/hub/link_number.hpp"
#include "cluster/messages/membership_packing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

refusal second_link_to(const std::string& peer) {
  return {.code = refusal_code::name_taken,
          .text = fmt::format("there is a link to {} already", peer)};
}

/// What is said on either could not be told apart. The next dial has another.
refusal same_number_as(const std::string& peer) {
  return {.code = refusal_code::turned_away,
          .text =
              fmt::format("a link to {} that is up has the same number", peer)};
}

/// Why the membership does not take that link; null: it does.
const std::string* why_not(const order_list& orders, const link_key& link) {
  for (const auto& each : orders)
    if (const auto* close = std::get_if<orders::close_link>(&each);
        close != nullptr && close->link == link)
      return &close->reason;
  return nullptr;
}

} // namespace

void link_keeper::tick(clock::time_point now) {
  std::erase_if(early_, [now](const auto& each) {
    return now - each.second.since > greeting_deadline;
  });
  for (auto& [node, each] : links_) {
    if (each.now == phase::greeting && now - each.since > greeting_deadline)
      break_off(each, "the other side did not say in time who it is", now);
    else if (each.now == phase::ending && now - each.since > refusal_time)
      host_.close(each.link);
  }
  carry_out(members_.tick(now), now);
}

void link_keeper::heard_of(const link_event& what, clock::time_point now) {
  switch (what.what) {
  case link_event::kind::linked:
    linked(what, now);
    break;
  case link_event::kind::lost:
    lost(what, now);
    break;
  case link_event::kind::failed:
    host_.not_reached(what.peer, what.address, what.text);
    if (what.reason == end_reason::own_node)
      carry_out(members_.refused_peer(
                    what.token,
                    {.code = refusal_code::oneself, .text = what.text}, now),
                now);
    else
      dial_failed(what.token, now);
    break;
  case link_event::kind::refused:
    host_.link_ended(what.peer, what.address, what.text);
    break;
  }
}

void link_keeper::dial_failed(std::uint64_t token, clock::time_point now) {
  carry_out(members_.dial_failed(token, now), now);
}

void link_keeper::seeds_resolved(const std::vector<address>& seeds,
                                 clock::time_point now) {
  carry_out(members_.seeds_resolved(seeds, now), now);
}

void link_keeper::linked(const link_event& what, clock::time_point now) {
  if (const auto other = links_.find(what.node);
      other != links_.end() && other->second.now != phase::ending) {
    // CAF has one connection to a process. A node that is at several addresses
    // is dialled at the others, too, as long as they are seeds.
    host_.close(what.link);
    if (what.way == direction::dialled)
      carry_out(members_.refused_peer(
                    what.token, second_link_to(other->second.proven), now),
                now);
    return;
  }
  links_.erase(what.node);
  auto& link = links_
                   .emplace(what.node, peer_link{.link = what.link,
                                                 .way = what.way,
                                                 .token = what.token,
                                                 .proven = what.peer,
                                                 .address = what.address,
                                                 .gate = what.gate,
                                                 .since = now})
                   .first->second;
  if (what.way == direction::dialled) {
    host_.say(link.gate, peer_word::hello,
              pack(members_.own_hello(what.token)));
    return;
  }
  if (const auto early = early_.extract(what.node)) {
    link.gate = early.mapped().gate;
    take_hello(link, early.mapped().bytes, now);
  }
}

void link_keeper::lost(const link_event& what, clock::time_point now) {
  const auto found =
      std::find_if(links_.begin(), links_.end(), [&](const auto& each) {
        return each.second.link == what.link;
      });
  if (found == links_.end())
    return;
  tell_end(found->second, what.peer, what.text);
  // Out of the table first: what follows may look for links.
  auto gone = std::move(found->second);
  links_.erase(found);
  end(gone, what.text, now);
}

void link_keeper::open(peer_link& on, const hello& theirs,
                       std::uint16_t version, clock::time_point now) {
  const auto& card = theirs.card;
  const bool dialled_here = on.way == direction::dialled;
  const auto dial = dialled_here ? on.token : theirs.dial;
  const auto own = members_.own_hello(0).card;
  const link_key key{.peer = card.name,
                     .process = card.born.process,
                     .dialled_here = dialled_here,
                     .dial = dial};
  const auto number =
      dialled_here ? link_number(own.name, own.born.process, card.name, dial)
                   : link_number(card.name, card.born.process, own.name, dial);
  if (number_of(card.name) == number)
    return refuse(on, same_number_as(card.name), now);
  on.dial_told = true;
  auto orders = members_.link_opened(key, card, now);
  if (const auto* reason = why_not(orders, key)) {
    refuse(on,
           {.code = refusal_code::turned_away,
            .text = fmt::format("{} turns {} away: {}", own.name, card.name,
                                *reason)},
           now);
    return carry_out(std::move(orders), now);
  }
  if (!dialled_here)
    host_.say(on.gate, peer_word::welcome, pack(members_.own_hello(0)));
  on.key = key;
  on.number = number;
  on.agreed = card.name;
  on.now = phase::up;
  on.since = now;
  linked_nodes_.insert_or_assign(card.name, on.gate->node());
  host_.link_up({card.name, card.born.process}, on.number, version);
  carry_out(std::move(orders), now);
}

/// Once for each link: why it ends, and not that it then ended.
void link_keeper::tell_end(peer_link& of, const std::string& peer,
                           const std::string& detail) {
  if (!std::exchange(of.end_told, true))
    host_.link_ended(peer, of.address, detail);
}

/// The other side breaks the rules, or says nothing.
void link_keeper::break_off(peer_link& which, const std::string& reason,
                            clock::time_point now) {
  tell_end(which, which.agreed.empty() ? which.proven : which.agreed, reason);
  end(which, reason, now);
}

/// Tells everybody who knows of the link, once, and closes it.
void link_keeper::end(peer_link& which, const std::string& reason,
                      clock::time_point now) {
  host_.close(which.link);
  const auto was = std::exchange(which.now, phase::ending);
  if (was == phase::greeting) {
    which.since = now;
    return give_up_dial(which, now);
  }
  if (which.key.peer.empty())
    return;
  const auto key = std::exchange(which.key, {});
  const auto shown = linked_nodes_.find(key.peer);
  if (was == phase::up && which.gate != nullptr &&
      shown != linked_nodes_.end() && shown->second == which.gate->node())
    linked_nodes_.erase(shown);
  if (was == phase::up)
    host_.link_down(key.peer, which.number);
  carry_out(members_.link_closed(key, reason, now), now);
}

void link_keeper::give_up_dial(peer_link& which, clock::time_point now) {
  if (which.way == direction::dialled && !std::exchange(which.dial_told, true))
    carry_out(members_.dial_failed(which.token, now), now);
}

const std::string* link_keeper::peer_at(const caf::node_id& node,
                                        std::uint64_t number) const {
  const auto found = links_.find(node);
  if (found == links_.end() || found->second.now != phase::up ||
      found->second.number != number)
    return nullptr;
  return &found->second.key.peer;
}

caf::strong_actor_ptr link_keeper::gate_of(const std::string& peer) const {
  const auto node = linked_nodes_.find(peer);
  return node == linked_nodes_.end() ? nullptr : links_.at(node->second).gate;
}

std::uint64_t link_keeper::number_of(const std::string& peer) const {
  const auto node = linked_nodes_.find(peer);
  return node == linked_nodes_.end() ? 0 : links_.at(node->second).number;
}

link_id link_keeper::link_of(const std::string& peer) const {
  const auto node = linked_nodes_.find(peer);
  return node == linked_nodes_.end() ? 0 : links_.at(node->second).link;
}

void link_keeper::close(const std::string& peer, const std::string& reason,
                        clock::time_point now) {
  if (const auto node = linked_nodes_.find(peer); node != linked_nodes_.end())
    end(links_.at(node->second), reason, now);
}

void link_keeper::drain(clock::time_point now) {
  carry_out(members_.drain(now), now);
}

void link_keeper::leave(clock::time_point now) {
  carry_out(members_.leave(now), now);
}

void link_keeper::carry_out(order_list orders, clock::time_point now) {
  for (const auto& each : orders)
    carry_out_one(each, now);
  publish();
}

void link_keeper::carry_out_one(const order& each, clock::time_point now) {
  if (const auto* dial = std::get_if<orders::dial>(&each)) {
    host_.dial(dial->where, dial->expected.value_or(std::string{}),
               dial->number);
  } else if (const auto* beat = std::get_if<orders::send_heartbeat>(&each)) {
    if (const auto link = find(beat->to); link != links_.end())
      host_.say(link->second.gate, peer_word::beat, pack(beat->message));
  } else if (const auto* close = std::get_if<orders::close_link>(&each)) {
    if (const auto link = find(close->link); link != links_.end()) {
      tell_end(link->second, close->link.peer, close->reason);
      end(link->second, close->reason, now);
    }
  } else if (std::holds_alternative<orders::resolve_seeds>(each)) {
    host_.resolve_seeds();
  } else if (const auto* notice = std::get_if<orders::notice>(&each)) {
    host_.noticed(*notice);
  } else if (const auto* change = std::get_if<orders::report_change>(&each)) {
    host_.changed(*change);
    if (change->to != member_state::dead && change->to != member_state::left)
      return;
    if (const auto* member = members_.snapshot()->find(change->member))
      host_.member_ended({change->member, member->card->born.process});
  }
}

link_keeper::links::iterator link_keeper::find(const link_key& key) {
  return std::find_if(links_.begin(), links_.end(),
                      [&](const auto& each) { return each.second.key == key; });
}

void link_keeper::publish() {
  auto members = members_.snapshot();
  if (members == shown_)
    return;
  shown_ = members;
  host_.view_changed(std::move(members));
}

} // namespace mfo::cluster
