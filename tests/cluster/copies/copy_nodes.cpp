#include "tests/cluster/copies/copy_nodes.hpp"

#include "tests/cluster/copies/views.hpp"
#include "tests/cluster/messages/events.hpp"
#include "tests/core/seeds.hpp"

#include <algorithm>

namespace mfo::cluster::test {

using namespace std::chrono_literals;

copy_node::copy_node(copy_nodes& all, node_life own,
                     const copy_settings& settings)
  : life(std::move(own)), desk(life, settings, *this), all_(all) {}

void copy_node::send(const std::string& peer, std::string bytes) {
  if (all_.is_linked(life.name, peer))
    all_.on_way_[{life.name, peer}].push_back(std::move(bytes));
}

void copy_node::flush_soon(const std::string& peer) {
  to_flush_.insert(peer);
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
    sights_[{own, peer}] = {.life = at(peer).life, .linked = true};
    at(own).desk.link_opened(at(peer).life, number, now);
  }
}

void copy_nodes::cut(const std::string& a, const std::string& b) {
  auto& link = links_[std::minmax(a, b)];
  if (!link.up)
    return;
  link.up = false;
  link.noticed = false;
  on_way_.erase({a, b});
  on_way_.erase({b, a});
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

void copy_nodes::tell_views() {
  for (auto* node : running()) {
    const auto& own = node->life;
    std::vector<shown_member> members{
        {.name = own.name,
         .process = own.incarnation,
         .draining = draining.contains(own.name)}};
    for (const auto& [who, seen] : sights_) {
      if (who.first != own.name)
        continue;
      const auto lost = !seen.linked && seen.lost_at + dead_after <= now;
      const auto state = seen.linked ? member_state::alive
                         : lost      ? member_state::dead
                                     : member_state::suspect;
      members.push_back({.name = who.second,
                         .process = seen.life.incarnation,
                         .state = state,
                         .linked = seen.linked,
                         .draining = draining.contains(who.second)});
    }
    node->desk.set_view(view_of(own.name, std::move(members)), now);
  }
}

bool copy_nodes::deliver_one() {
  for (auto* node : running())
    for (const auto& peer : std::exchange(node->to_flush_, {}))
      node->desk.flush(peer, now);
  std::erase_if(on_way_, [](const auto& one) { return one.second.empty(); });
  if (on_way_.empty())
    return false;
  auto some = on_way_.begin();
  std::advance(some,
               mfo::test::between(random, std::size_t{0}, on_way_.size() - 1));
  const auto [from, to] = some->first;
  const auto bytes = std::move(some->second.front());
  some->second.pop_front();
  ++messages;
  largest = std::max(largest, bytes.size());
  at(to).desk.come(from, bytes, now);
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
