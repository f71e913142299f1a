#include "tests/cluster/sharing/work_nodes.hpp"

#include "tests/cluster/membership/cards.hpp"
#include "tests/cluster/messages/events.hpp"

#include <algorithm>

namespace mfo::cluster::test {

namespace {

std::pair<std::string, std::string> pair_of(const work_node& a,
                                            const work_node& b) {
  return std::minmax(a.life.name, b.life.name);
}

} // namespace

work_node::work_node(work_nodes& all, std::string name,
                     std::uint64_t incarnation, sharing_settings settings)
  : life{.name = std::move(name), .incarnation = incarnation},
    work(settings, *this,
         [&all](std::size_t below) {
           return std::uniform_int_distribution<std::size_t>(0, below - 1)(
               all.random);
         }),
    all_(all) {}

void work_node::send(const std::string& peer, std::string bytes) {
  if (!all_.is_there(*this))
    return;
  const auto link = all_.links_.find(std::minmax(life.name, peer));
  if (link != all_.links_.end())
    all_.on_way_.send({life.name, peer}, {link->second, std::move(bytes)});
}

void work_node::flush_soon(const std::string& peer) {
  all_.to_flush_.emplace_back(this, peer);
}

core::event_ptr work_node::revive(const wire_event& what) {
  return knows_the_endpoint
             ? cluster::revive(what, the_endpoint(), nullptr, all_.now)
             : nullptr;
}

void work_node::run(const node_life& origin, const core::event_ptr& event) {
  runs.push_back({origin, event});
  if (began)
    began(*event);
}

void work_node::run_here(const core::event_ptr& event) {
  came_back.push_back(event);
  if (began)
    began(*event);
}

void work_node::answer(const core::event_ptr& event, core::outcome how) {
  answers[event->id].push_back(std::move(how));
}

void work_node::moved(const core::event& event, const std::string&,
                      placement_reason why) {
  ++moves[why];
  if (went)
    went(event);
}

void work_node::faulty(const std::string& peer, std::string_view why) {
  faults.push_back(peer + ": " + std::string(why));
}

void work_node::finish_one(core::outcome how) {
  const auto first = runs.front();
  runs.pop_front();
  work.ran(first.origin, first.event, how, all_.now);
}

void work_node::finish_own(core::outcome how) {
  const auto first = came_back.front();
  came_back.erase(came_back.begin());
  work.ran_here(first, std::move(how), all_.now);
}

work_node& work_nodes::add(const std::string& name, sharing_settings settings) {
  auto& added = restart(name, settings);
  for (const auto& [other, node] : nodes_)
    if (other != name)
      link(added, *node);
  tell_loads();
  return added;
}

void work_nodes::add_all(const std::vector<std::string>& names,
                         sharing_settings settings) {
  for (const auto& name : names)
    restart(name, settings);
  for (const auto& [a, first] : nodes_)
    for (const auto& [b, second] : nodes_)
      if (a < b)
        link(*first, *second);
  tell_loads();
}

work_node& work_nodes::restart(const std::string& name,
                               sharing_settings settings) {
  auto& place = nodes_[name];
  if (place)
    former_.push_back(std::move(place));
  place =
      std::make_unique<work_node>(*this, name, ++last_incarnation_, settings);
  loads.try_emplace(name, load_report{.max_in_flight = 100});
  for (const auto& [other, node] : nodes_)
    if (const auto link = links_.extract(pair_of(*place, *node)))
      node->work.link_closed(name, link.mapped(), now);
  return *place;
}

bool work_nodes::is_there(const work_node& node) const {
  return nodes_.find(node.life.name)->second.get() == &node;
}

void work_nodes::link(work_node& a, work_node& b) {
  const auto number = ++last_link_;
  links_[pair_of(a, b)] = number;
  a.work.link_opened(b.life, number, now);
  b.work.link_opened(a.life, number, now);
}

void work_nodes::unlink(work_node& a, work_node& b) {
  const auto link = links_.extract(pair_of(a, b));
  if (!link)
    return;
  a.work.link_closed(b.life.name, link.mapped(), now);
  b.work.link_closed(a.life.name, link.mapped(), now);
}

bool work_nodes::is_linked(const work_node& a, const work_node& b) const {
  return links_.contains(pair_of(a, b));
}

view::member_list work_nodes::all_members() {
  view::member_list all;
  for (const auto& [name, node] : nodes_) {
    auto card = card_of(name, 1, node->life.incarnation);
    card.labels = labels[name];
    all.push_back({.card = std::make_shared<const node_card>(std::move(card)),
                   .load = std::make_shared<const load_report>(loads.at(name)),
                   .state = member_state::alive,
                   .last_heard = now});
  }
  return all;
}

void work_nodes::show(work_node& to, view::member_list all) {
  const auto& own = to.life.name;
  for (auto& member : all) {
    const auto& name = member.card->name;
    member.linked = name == own || links_.contains(std::minmax(own, name));
  }
  to.work.set_view(std::make_shared<const view>(own, 1, std::move(all)));
}

void work_nodes::tell_loads() {
  const auto all = all_members();
  for (const auto& [own, node] : nodes_)
    show(*node, all);
}

void work_nodes::tell_loads(work_node& to) {
  show(to, all_members());
}

bool work_nodes::deliver_one() {
  for (const auto& [node, peer] : std::exchange(to_flush_, {}))
    node->work.flush(peer, now);
  const auto next = on_way_.take(random);
  if (!next)
    return false;
  const auto link = links_.find(std::minmax(next->from, next->to));
  if (link == links_.end() || link->second != next->what.link)
    return true; // it went with its link
  ++messages;
  at(next->to).work.come(next->from, next->what.bytes, now);
  return true;
}

void work_nodes::settle() {
  while (deliver_one())
    ;
}

core::event_ptr work_nodes::event(const std::string& id,
                                  const std::string& key) {
  const auto made = sample_event(now);
  made->id = id;
  made->ordering_key = key;
  return made;
}

} // namespace mfo::cluster::test
