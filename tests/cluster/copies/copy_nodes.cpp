#include "tests/cluster/copies/copy_nodes.hpp"

#include "tests/cluster/membership/cards.hpp"
#include "tests/cluster/messages/events.hpp"
#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace mfo::cluster::test {

using namespace std::chrono_literals;

copy_node::copy_node(copy_nodes& all, node_life own,
                     const copy_settings& settings)
  : life(std::move(own)), desk(life, settings, *this), all_(all) {}

void copy_node::send(const std::string& peer, std::string bytes) {
  if (all_.is_linked(life.name, peer))
    all_.on_way_.send({life.name, peer}, std::move(bytes));
}

void copy_node::flush_soon(const std::string& peer) {
  all_.to_flush_.emplace_back(life, peer);
}

void copy_node::held(const core::event_ptr& event) {
  acknowledged.push_back(event->id);
  all_.books.promised(*this, event->id, all_);
}

void copy_node::not_held(const core::event_ptr& event, give_up_cause why) {
  given_up[event->id] = why;
  open.erase(event->id);
  all_.books.given_up(life, event->id);
}

bool copy_node::has_endpoint(std::string_view id) {
  return knows_the_endpoint && id == the_endpoint()->id;
}

core::event_ptr copy_node::revive(const wire_event& what) {
  return can_revive ? cluster::revive(what, the_endpoint(), nullptr, all_.now)
                    : nullptr;
}

void copy_node::take_over(const node_life& origin,
                          const core::event_ptr& event) {
  if (all_.on_take_over)
    all_.on_take_over(*this, origin);
  runs.push_back({origin, event});
}

void copy_node::cannot_run(const node_life&, std::string_view id) {
  not_run.emplace_back(id);
}

void copy_node::faulty(const std::string& peer, std::string_view why) {
  faults.push_back(peer + ": " + std::string(why));
}

tl::expected<void, begin_refusal> copy_node::begin(const core::event_ptr& event,
                                                   std::size_t copies) {
  auto begun = desk.begin(event, copies, all_.now + 1min, all_.now);
  if (begun) {
    open.insert(event->id);
    all_.books.begun(*desk.name_of(event->id), event->id, copies);
  }
  return begun;
}

void copy_node::finish(const std::string& id) {
  open.erase(id);
  desk.done(id);
  all_.books.delivered(life, id);
  all_.books.ended(life, id);
}

void copy_node::finish_taken() {
  const auto first = runs.front();
  runs.pop_front();
  all_.books.delivered(first.origin, first.event->id);
  desk.concluded(first.origin, first.event->id);
}

copy_nodes::copy_nodes(copy_settings of_all) : settings(of_all) {}

copy_node& copy_nodes::add(const std::string& name) {
  auto& added = start(name);
  for (const auto* other : running())
    if (other != &added)
      link(name, other->life.name);
  tell_views();
  return added;
}

copy_node& copy_nodes::start(const std::string& name) {
  if (find(name) != nullptr)
    crash(name);
  // Whoever knew the last process has to see that it is gone.
  for (const auto& [other, node] : nodes_)
    if (other != name)
      notice(name, other);
  std::erase_if(sights_,
                [&](const auto& one) { return one.first.first == name; });
  auto& place = nodes_[name];
  place = std::make_unique<copy_node>(
      *this, node_life{.name = name, .incarnation = ++last_incarnation_},
      settings);
  return *place;
}

void copy_nodes::add_all(const std::vector<std::string>& names) {
  for (const auto& name : names)
    start(name);
  for (const auto& a : names)
    for (const auto& b : names)
      if (a < b)
        link(a, b);
  tell_views();
}

void copy_nodes::crash(const std::string& name) {
  for (const auto& [other, node] : nodes_)
    if (other != name)
      cut(name, other);
  nodes_[name] = nullptr;
}

void copy_nodes::link(const std::string& a, const std::string& b) {
  unlink(a, b);
  const auto number = ++last_link_;
  links_[std::minmax(a, b)] = {.number = number, .up = true, .noticed = true};
  for (const auto& [own, peer] : {ends{a, b}, ends{b, a}}) {
    const auto& life = at(peer).life;
    sights_[{own, peer}] = {.life = life,
                            .card = std::make_shared<const node_card>(
                                card_of(peer, 1, life.incarnation)),
                            .linked = true};
    at(own).desk.link_opened(at(peer).life, number, now);
  }
}

void copy_nodes::cut(const std::string& a, const std::string& b) {
  auto& link = links_[std::minmax(a, b)];
  if (!link.up)
    return;
  link.up = false;
  link.noticed = false;
  on_way_.clear({a, b});
  on_way_.clear({b, a});
}

void copy_nodes::notice(const std::string& a, const std::string& b) {
  auto& link = links_[std::minmax(a, b)];
  if (std::exchange(link.noticed, true))
    return;
  for (const auto& [own, peer] : {ends{a, b}, ends{b, a}}) {
    auto& seen = sights_[{own, peer}];
    seen.linked = false;
    seen.lost_at = now;
    if (auto* there = find(own))
      there->desk.link_closed(peer, link.number, now);
  }
}

void copy_nodes::unlink(const std::string& a, const std::string& b) {
  cut(a, b);
  notice(a, b);
}

bool copy_nodes::is_linked(const std::string& a, const std::string& b) const {
  const auto found = links_.find(std::minmax(a, b));
  return found != links_.end() && found->second.up;
}

bool copy_nodes::believes_linked(const std::string& observer,
                                 const node_life& peer) const {
  const auto seen = sights_.find({observer, peer.name});
  return seen != sights_.end() && seen->second.linked &&
         seen->second.life == peer;
}

const std::shared_ptr<const load_report>&
copy_nodes::load_of(const std::string& name) const {
  static const auto works = std::make_shared<const load_report>();
  static const auto drains =
      std::make_shared<const load_report>(load_report{.draining = true});
  return draining.contains(name) ? drains : works;
}

void copy_nodes::tell_views() {
  for (auto* node : running())
    node->desk.set_view(view_at(*node), now);
}

std::shared_ptr<const view> copy_nodes::view_at(const copy_node& node) const {
  const auto& own = node.life.name;
  view::member_list members;
  members.push_back({.card = std::make_shared<const node_card>(
                         card_of(own, 1, node.life.incarnation)),
                     .load = load_of(own),
                     .linked = true,
                     .last_heard = {}});
  for (auto next = sights_.lower_bound({own, {}});
       next != sights_.end() && next->first.first == own; ++next) {
    const auto& seen = next->second;
    const auto lost = !seen.linked && seen.lost_at + dead_after <= now;
    const auto state = seen.linked ? member_state::alive
                       : lost      ? member_state::dead
                                   : member_state::suspect;
    members.push_back({.card = seen.card,
                       .load = load_of(next->first.second),
                       .state = state,
                       .linked = seen.linked,
                       .last_heard = {}});
  }
  // The rest is in order.
  const auto place = std::find_if(
      members.begin() + 1, members.end(),
      [&](const member_view& each) { return each.card->name > own; });
  std::rotate(members.begin(), members.begin() + 1, place);
  return std::make_shared<const view>(own, 1, std::move(members));
}

void copy_nodes::flush_all() {
  for (const auto& [life, peer] : std::exchange(to_flush_, {}))
    if (auto* node = find(life))
      node->desk.flush(peer, now);
}

bool copy_nodes::deliver_one() {
  flush_all();
  const auto next = on_way_.take(random);
  if (!next)
    return false;
  ++messages;
  largest = std::max(largest, next->what.size());
  at(next->to).desk.come(next->from, next->what, now);
  return true;
}

void copy_nodes::settle() {
  while (deliver_one())
    ;
}

void copy_nodes::pass(std::chrono::milliseconds time) {
  for (const auto end = now + time; now < end;) {
    now += 100ms;
    tell_views();
    for (auto* node : running())
      node->desk.sweep(now);
    settle();
  }
}

copy_node* copy_nodes::find(const std::string& name) {
  const auto found = nodes_.find(name);
  return found == nodes_.end() ? nullptr : found->second.get();
}

copy_node* copy_nodes::find(const node_life& life) {
  auto* found = find(life.name);
  return found != nullptr && found->life == life ? found : nullptr;
}

std::vector<copy_node*> copy_nodes::running() {
  std::vector<copy_node*> all;
  for (const auto& [name, node] : nodes_)
    if (node)
      all.push_back(node.get());
  return all;
}

core::event_ptr copy_nodes::event(const std::string& id,
                                  std::size_t bytes) const {
  const auto made = sample_event(now);
  made->id = id;
  made->envelope.append(bytes, ' ');
  made->deadline = now + 1min;
  return made;
}

} // namespace mfo::cluster::test
