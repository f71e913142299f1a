#include "tests/cluster/claims/claim_world.hpp"

#include "cluster/rules/rendezvous.hpp"
#include "tests/cluster/membership/cards.hpp"

#include <algorithm>

namespace mfo::cluster::test {

namespace {

using namespace std::chrono_literals;

} // namespace

claim_node::claim_node(claim_world& world, node_life is,
                       const claim_settings& settings)
  : life(std::move(is)), desk(life, settings, *this), sees{{life.name, life}},
    world_(world) {}

void claim_node::send_claims(const std::string& peer, std::string bytes) {
  world_.send(life, peer, std::move(bytes));
}

void claim_node::flush_claims_soon(const std::string& peer) {
  world_.flush_soon(life, peer);
}

void claim_node::decided(std::uint64_t number, claim_verdict what) {
  verdicts[number] = what;
  world_.on_decided(*this, number, what);
}

void claim_node::fire(const tick_record& tick) {
  fires.push_back(tick);
  world_.on_fire(*this, tick);
}

void claim_node::faulty(const std::string& peer, std::string_view why) {
  faults.push_back(peer + ": " + std::string(why));
}

claim_world::claim_world(std::uint64_t seed) : random(seed) {}

claim_node& claim_world::start(const std::string& name) {
  crash(name);
  ++version;
  auto& place = nodes_[name];
  place = std::make_unique<claim_node>(
      *this, node_life{.name = name, .incarnation = ++last_incarnation_},
      settings);
  sweep_again(place->life);
  return *place;
}

void claim_world::crash(const std::string& name) {
  if (find(name) == nullptr)
    return;
  ++version;
  former_.push_back(std::move(nodes_[name]));
  for (const auto& [other, node] : nodes_)
    unlink(name, other);
}

claim_node* claim_world::find(const std::string& name) {
  const auto found = nodes_.find(name);
  return found == nodes_.end() ? nullptr : found->second.get();
}

claim_node* claim_world::find(const node_life& life) {
  auto* const node = find(life.name);
  return node != nullptr && node->life == life ? node : nullptr;
}

claim_node& claim_world::at(const std::string& name) {
  return *nodes_.at(name);
}

void claim_world::link(const std::string& a, const std::string& b) {
  ++version;
  const auto number = ++last_link_;
  links_[std::minmax(a, b)] = number;
  at(a).desk.link_opened(at(b).life, number);
  at(b).desk.link_opened(at(a).life, number);
}

void claim_world::unlink(const std::string& a, const std::string& b) {
  const auto link = links_.extract(pair_key{std::minmax(a, b)});
  if (!link)
    return;
  ++version;
  if (auto* const node = find(a))
    node->desk.link_closed(b, link.mapped());
  if (auto* const node = find(b))
    node->desk.link_closed(a, link.mapped());
}

bool claim_world::is_linked(const std::string& a, const std::string& b) const {
  return links_.contains(pair_key{std::minmax(a, b)});
}

bool claim_world::is_reachable(const std::string& from, const std::string& to) {
  return find(from) != nullptr && find(to) != nullptr &&
         groups[from] == groups[to];
}

void claim_world::link_all() {
  const auto names = names_up();
  for (const auto& a : names)
    for (const auto& b : names)
      if (a < b && is_reachable(a, b) && !is_linked(a, b))
        link(a, b);
}

void claim_world::show_all() {
  for (const auto& [name, node] : nodes_) {
    if (!node)
      continue;
    bool is_new = false;
    for (const auto& [other, ignored] : nodes_)
      is_new |= look(*node, other);
    if (is_new)
      show(*node);
  }
}

bool claim_world::look(claim_node& who, const std::string& other) {
  const auto known = who.sees.find(other);
  if (!is_reachable(who.life.name, other))
    return who.sees.erase(other) > 0;
  const auto& life = at(other).life;
  if (known != who.sees.end() && known->second == life)
    return false;
  who.sees[other] = life;
  return true;
}

void claim_world::show(claim_node& who) {
  ++version;
  who.stale = false;
  view::member_list members;
  for (const auto& [name, life] : who.sees) {
    auto& card = cards_[life];
    if (!card)
      card =
          std::make_shared<const node_card>(card_of(name, 1, life.incarnation));
    auto state = member_state::alive;
    if (who.leaves && life == who.life)
      state = member_state::left;
    else if (who.suspects.contains(name))
      state = member_state::suspect;
    members.push_back({.card = card,
                       .load = no_load_,
                       .state = state,
                       .linked = true,
                       .last_heard = {}});
  }
  who.desk.set_view(view{who.life.name, version, std::move(members)}, now());
}

void claim_world::run_for(clock::duration span) {
  bool ended = false;
  agenda.in(span, [&ended] { ended = true; });
  while (!ended)
    agenda.step();
}

std::chrono::milliseconds claim_world::unix_now() const {
  return std::chrono::floor<std::chrono::milliseconds>(
      now().time_since_epoch());
}

std::vector<std::string> claim_world::names_up() const {
  std::vector<std::string> names;
  for (const auto& [name, node] : nodes_)
    if (node)
      names.push_back(name);
  return names;
}

void claim_world::send(const node_life& from, const std::string& to,
                       std::string bytes) {
  const auto link = links_.find(pair_key{std::minmax(from.name, to)});
  if (link == links_.end())
    return;
  const auto delay =
      pick(least_delay.count() * 1000, most_delay.count() * 1000);
  auto& last = last_arrival_[{from.name, to}];
  last = std::max<clock::time_point>(last,
                                     now() + std::chrono::microseconds{delay});
  agenda.at(last, [this, from = from.name, to, number = link->second,
                   bytes = std::move(bytes)] {
    const auto present = links_.find(pair_key{std::minmax(from, to)});
    if (present == links_.end() || present->second != number)
      return; // it went with its link
    ++messages;
    at(to).desk.come(from, bytes, now());
  });
}

void claim_world::flush_soon(const node_life& who, const std::string& peer) {
  agenda.in(0s, [this, who, peer] {
    if (auto* const node = find(who))
      node->desk.flush(peer, now());
  });
}

void claim_world::sweep_again(const node_life& who) {
  agenda.in(100ms, [this, who] {
    if (auto* const node = find(who)) {
      node->desk.sweep(now());
      on_sweep(*node);
      sweep_again(who);
    }
  });
}

std::string id_of(const std::string& owner,
                  const std::vector<std::string>& names, int nth) {
  for (int i = 0;; ++i) {
    auto id = "id-" + std::to_string(i);
    if (owner_of(id, names) == owner && nth-- == 0)
      return id;
  }
}

} // namespace mfo::cluster::test
