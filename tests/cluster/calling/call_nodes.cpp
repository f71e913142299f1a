#include "tests/cluster/calling/call_nodes.hpp"

#include "tests/cluster/membership/cards.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mfo::cluster::test {

namespace {

std::pair<std::string, std::string> ends_of(const std::string& a,
                                            const std::string& b) {
  return std::minmax(a, b);
}

} // namespace

call_node::call_node(call_nodes& all, std::string name,
                     std::uint64_t incarnation,
                     const calling_settings& settings)
  : life{.name = std::move(name), .incarnation = incarnation},
    desk(settings, *this,
         [&all](std::size_t below) {
           return std::uniform_int_distribution<std::size_t>(0, below - 1)(
               all.random);
         }),
    all_(all) {}

void call_node::send(const std::string& peer, std::string bytes) {
  const auto link = all_.links_.find(ends_of(life.name, peer));
  if (link != all_.links_.end())
    all_.under_way_.push_back(
        {life.name, peer, link->second, std::move(bytes)});
}

void call_node::flush_soon(const std::string& peer) {
  to_flush_.push_back(peer);
}

bool call_node::knows(const std::string& server) {
  return servers.contains(server);
}

void call_node::run_call(const call_key& key, const std::string& server,
                         const actors::api_request_ptr& request) {
  runs.push_back({key, server,
                  std::make_shared<const remote_call>(
                      remote_call{.server = server, .what = request})});
}

void call_node::run_forward(const call_key& key, const std::string& server,
                            const core::event_ptr& event) {
  runs.push_back({key, server,
                  std::make_shared<const remote_call>(
                      remote_call{.server = server, .what = event})});
}

void call_node::cancel_run(const call_key& key, const std::string& server,
                           const std::string& id) {
  EXPECT_TRUE(std::any_of(runs.begin(), runs.end(),
                          [&](const run& each) { return each.key == key; }));
  cancelled.push_back(server + " " + id);
}

void call_node::called(std::uint64_t number,
                       const actors::api_result_ptr& result) {
  results[number].push_back(result);
}

void call_node::forwarded(std::uint64_t number, const core::outcome& how) {
  auto result = std::make_shared<actors::api_result>();
  result->outcome = how;
  results[number].push_back(std::move(result));
}

void call_node::faulty(const std::string& peer, std::string_view why) {
  faults.push_back(peer + ": " + std::string(why));
}

void call_node::finish_one(const actors::api_result_ptr& result) {
  ASSERT_FALSE(runs.empty());
  const auto first = runs.front();
  runs.pop_front();
  if (std::holds_alternative<core::event_ptr>(first.call->what))
    desk.ended(first.key, result->outcome);
  else
    desk.ended(first.key, result);
}

const actors::api_result& call_node::result(std::uint64_t number) const {
  static const actors::api_result none{
      .outcome = core::refused(core::errc::not_found, "no result"),
      .reply = {}};
  const auto found = results.find(number);
  const auto count = found == results.end() ? 0 : found->second.size();
  EXPECT_EQ(count, 1u) << "results of call " << number;
  return count == 0 ? none : *found->second.front();
}

call_node& call_nodes::add(const std::string& name, role_set roles,
                           const calling_settings& settings) {
  roles_[name] = roles;
  auto& added = restart(name, settings);
  for (const auto& [other, node] : nodes_)
    if (other != name)
      link(added, *node);
  tell_loads();
  return added;
}

call_node& call_nodes::restart(const std::string& name,
                               const calling_settings& settings) {
  auto& place = nodes_[name];
  if (place)
    former_.push_back(std::move(place));
  place =
      std::make_unique<call_node>(*this, name, ++last_incarnation_, settings);
  loads.try_emplace(name, load_report{.max_in_flight = 100});
  return *place;
}

void call_nodes::link(call_node& a, call_node& b) {
  const auto number = ++last_link_;
  links_[ends_of(a.life.name, b.life.name)] = number;
  a.desk.link_opened(b.life, number, now);
  b.desk.link_opened(a.life, number, now);
}

void call_nodes::unlink(call_node& a, call_node& b) {
  const auto link = links_.extract(ends_of(a.life.name, b.life.name));
  if (!link)
    return;
  a.desk.link_closed(b.life.name, link.mapped(), now);
  b.desk.link_closed(a.life.name, link.mapped(), now);
}

void call_nodes::tell_loads() {
  for (const auto& [own, node] : nodes_) {
    view::member_list members;
    for (const auto& [name, other] : nodes_) {
      auto card = card_of(name, 1, other->life.incarnation);
      card.roles = roles_.at(name);
      members.push_back(
          {.card = std::make_shared<const node_card>(std::move(card)),
           .load = std::make_shared<const load_report>(loads.at(name)),
           .state = member_state::alive,
           .linked = name == own || links_.contains(ends_of(own, name)),
           .last_heard = now});
    }
    node->desk.set_view(
        std::make_shared<const view>(own, 1, std::move(members)));
    node->desk.set_draining(loads.at(own).draining);
  }
}

bool call_nodes::deliver_one() {
  for (auto& [name, node] : nodes_)
    for (const auto& peer : std::exchange(node->to_flush_, {}))
      node->desk.flush(peer, now);
  if (under_way_.empty())
    return false;
  const auto next = std::move(under_way_.front());
  under_way_.pop_front();
  const auto link = links_.find(ends_of(next.from, next.to));
  if (link == links_.end() || link->second != next.link)
    return true; // it went with its link
  ++messages;
  longest = std::max(longest, next.bytes.size());
  nodes_.find(next.to)->second->desk.come(next.from, next.bytes, now);
  return true;
}

void call_nodes::settle() {
  while (deliver_one())
    ;
}

void call_nodes::pass(std::chrono::milliseconds span) {
  now += span;
  for (auto& [name, node] : nodes_)
    node->desk.sweep(now);
}

} // namespace mfo::cluster::test
