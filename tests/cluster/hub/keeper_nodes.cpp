#include "tests/cluster/hub/keeper_nodes.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster::test {

namespace {

link_event linked(link_id link, direction way, const keeper_node& peer) {
  return {.what = link_event::kind::linked,
          .link = link,
          .way = way,
          .peer = peer.certificate,
          .address = to_string(peer.card().where),
          .node = peer.node};
}

} // namespace

keeper_node::keeper_node(keeper_nodes& all, std::string cluster,
                         const node_card& card,
                         const membership_settings& settings,
                         std::uint8_t number)
  : node(far_node(number)), gate(gate_at(all.system(), node)),
    certificate(card.name), all_(all), card_(card),
    members(
        std::move(cluster), card, settings, [this] { return uniform; },
        all.now),
    links(members, *this) {}

void keeper_node::dial(const address& where, std::string, std::uint64_t token) {
  ++dials;
  all_.dial(*this, where, token);
}

void keeper_node::resolve_seeds() {
  all_.under_way_.emplace_back([this] {
    if (all_.lives(this))
      links.seeds_resolved(seeds, all_.now);
  });
}

void keeper_node::close(link_id link) {
  closed.push_back(link);
  all_.close(*this, link);
}

void keeper_node::say(const caf::strong_actor_ptr& to, peer_word what,
                      std::string bytes) {
  said.push_back({to->node(), what, std::move(bytes)});
  all_.say(*this, said.back());
}

void keeper_node::link_up(const node_life& peer, std::uint64_t number,
                          std::uint16_t version) {
  ups.push_back({peer, number, version});
  up.insert_or_assign(peer.name, ups.back());
}

void keeper_node::link_down(const std::string& peer, std::uint64_t number) {
  downs.push_back({{peer, 0}, number, 0});
  // The next one may be up before the last one is down.
  if (const auto found = up.find(peer);
      found != up.end() && found->second.number == number)
    up.erase(found);
}

void keeper_node::member_ended(const node_life& member) {
  ended.push_back(member);
}

void keeper_node::view_changed(std::shared_ptr<const view> members_now) {
  shown = std::move(members_now);
}

void keeper_node::changed(const orders::report_change&) {}

void keeper_node::noticed(const orders::notice& what) {
  log.push_back(what.text);
}

void keeper_node::not_reached(const std::string&, const std::string&,
                              const std::string& detail) {
  log.push_back(detail);
}

void keeper_node::link_ended(const std::string&, const std::string&,
                             const std::string& detail) {
  log.push_back(detail);
}

std::vector<std::string> keeper_node::linked() const {
  std::vector<std::string> names;
  for (const auto& [name, link] : up)
    names.push_back(name);
  return names;
}

std::string keeper_node::sees(std::string_view member) const {
  const auto* found = shown ? shown->find(member) : nullptr;
  return found ? std::string{to_string(found->state)} : "unknown";
}

keeper_node& keeper_nodes::add(const std::string& name, const options& given) {
  const auto number = ++last_node_;
  const node_card card{.name = name,
                       .born = {.started = given.started, .process = number},
                       .where = {given.at.empty() ? name : given.at, 7420},
                       .roles = role_set::all(),
                       .labels = {},
                       .speaks = given.speaks,
                       .software = "1.0.0"};
  return *nodes_.emplace_back(std::make_unique<keeper_node>(
      *this, given.cluster, card, given.settings, number));
}

void keeper_nodes::stop(keeper_node& node) {
  const auto all = connections_;
  for (const auto& each : all)
    if (each.dialler == &node || each.acceptor == &node)
      end(each, &node);
  lose_power(node);
}

void keeper_nodes::lose_power(keeper_node& node) {
  std::erase_if(connections_, [&](const connection& each) {
    return each.dialler == &node || each.acceptor == &node;
  });
  const auto found =
      std::find_if(nodes_.begin(), nodes_.end(),
                   [&](const auto& each) { return each.get() == &node; });
  former_.push_back(std::move(*found));
  nodes_.erase(found);
}

bool keeper_nodes::lives(const keeper_node* node) const {
  return std::any_of(nodes_.begin(), nodes_.end(),
                     [&](const auto& each) { return each.get() == node; });
}

bool keeper_nodes::step() {
  if (under_way_.empty())
    return false;
  const auto next = std::move(under_way_.front());
  under_way_.pop_front();
  next();
  return true;
}

void keeper_nodes::settle() {
  while (step())
    continue;
}

void keeper_nodes::run_for(std::chrono::milliseconds length) {
  const auto interval = tick_interval(membership_settings{});
  settle();
  for (const auto until = now + length; now < until;) {
    now += interval;
    for (const auto& each : nodes_)
      each->links.tick(now);
    settle();
  }
}

void keeper_nodes::break_links(const keeper_node& a, const keeper_node& b) {
  const auto all = connections_;
  for (const auto& each : all)
    if ((each.dialler == &a && each.acceptor == &b) ||
        (each.dialler == &b && each.acceptor == &a))
      end(each, nullptr);
  settle();
}

void keeper_nodes::whisper(const keeper_node& from, keeper_node& to,
                           peer_word what, std::string_view bytes) {
  to.links.said(from.gate, what, bytes, now);
}

std::size_t keeper_nodes::between(const keeper_node& a,
                                  const keeper_node& b) const {
  return static_cast<std::size_t>(std::count_if(
      connections_.begin(), connections_.end(), [&](const connection& each) {
        return (each.dialler == &a && each.acceptor == &b) ||
               (each.dialler == &b && each.acceptor == &a);
      }));
}

keeper_node* keeper_nodes::node_at(const address& where) const {
  if (const auto alias = aliases.find(where); alias != aliases.end())
    return alias->second;
  for (const auto& each : nodes_)
    if (each->card().where == where)
      return each.get();
  return nullptr;
}

void keeper_nodes::dial(keeper_node& from, const address& where,
                        std::uint64_t token) {
  under_way_.emplace_back([this, &from, where, token] {
    auto* const to = node_at(where);
    if (to != nullptr && to != &from)
      return connect(from, *to, token);
    const bool itself = to != nullptr;
    tell(&from,
         {.what = link_event::kind::failed,
          .way = direction::dialled,
          .token = token,
          .address = to_string(where),
          .reason = itself ? end_reason::own_node : end_reason::unreachable,
          .text = itself ? "it is this node itself" : "cannot connect"});
  });
}

void keeper_nodes::connect(keeper_node& from, keeper_node& to,
                           std::uint64_t token) {
  const auto link = ++last_link_;
  connections_.push_back({link, &from, &to});
  const auto tell_acceptor = [this, &from, &to, link] {
    tell(&to, linked(link, direction::accepted, from));
  };
  if (acceptors_are_late)
    under_way_.emplace_back(
        [this, tell_acceptor] { under_way_.emplace_back(tell_acceptor); });
  else
    under_way_.emplace_back(tell_acceptor);
  under_way_.emplace_back([this, &from, &to, link, token] {
    auto event = linked(link, direction::dialled, to);
    event.token = token;
    event.gate = to.gate;
    tell(&from, event);
  });
}

void keeper_nodes::close(keeper_node& from, link_id link) {
  const auto found =
      std::find_if(connections_.begin(), connections_.end(),
                   [&](const connection& each) { return each.link == link; });
  if (found != connections_.end())
    end(*found, &from);
}

/// `by`: who closes it; null: the network.
void keeper_nodes::end(const connection& which, const keeper_node* by) {
  const auto gone = which;
  std::erase_if(connections_,
                [&](const connection& each) { return each.link == gone.link; });
  for (auto* side : {gone.dialler, gone.acceptor}) {
    const auto* other = side == gone.dialler ? gone.acceptor : gone.dialler;
    const auto text = by == nullptr ? "the connection was reset"
                      : by == side  ? "this node has closed the link"
                                    : "the peer has closed the link";
    under_way_.emplace_back([this, side, other, gone, text] {
      tell(side, {.what = link_event::kind::lost,
                  .link = gone.link,
                  .peer = other->certificate,
                  .address = to_string(other->card().where),
                  .reason = end_reason::closed_by_peer,
                  .text = text});
    });
  }
}

void keeper_nodes::say(const keeper_node& from, const keeper_node::word& what) {
  if (silent)
    return;
  under_way_.emplace_back([this, &from, what] {
    for (const auto& each : nodes_)
      if (each->node == what.to && between(from, *each) > 0)
        return each->links.said(from.gate, what.what, what.bytes, now);
  });
}

void keeper_nodes::tell(keeper_node* to, const link_event& what) {
  if (lives(to))
    to->links.heard_of(what, now);
}

} // namespace mfo::cluster::test
