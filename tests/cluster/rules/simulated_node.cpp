#include "tests/cluster/rules/simulated_node.hpp"

#include "tests/core/seeds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace mfo::cluster::simulated {

using namespace std::chrono_literals;

node::node(node_life self, node_traits traits, surroundings& world)
  : self_(std::move(self)), traits_(std::move(traits)), world_(world),
    at_peers_(traits_.at_peers), from_peers_(traits_.from_peers),
    copied_(traits_.copied), store_(self_, traits_.copies) {}

void node::admit(const parcel& event, std::size_t copies) {
  world_.books().admitted(event.id, self_);
  jobs_.emplace(event.id, job{.event = event, .copies = copies});
  if (copies == 0)
    return dispatch(event.id);
  const auto order =
      copied_.begin(event.id, copies, living_peers(), world_.now() + 2s);
  if (!order)
    return ended(event.id, ending::refused);
  send(*order);
}

void node::link_opened(const node_life& life, std::uint64_t link) {
  auto& peer = peer_at(life.name);
  if (peer.alive && peer.life != life)
    gone(peer);
  peer.life = life;
  peer.alive = true;
  peer.link = link;
  peer.out.open(link, traits_.window);
  tell(life.name, [from = self_, grant = peer.in.open(link)](node& to) {
    to.on_grant(from, grant);
  });
  from_peers_.link_opened(life);
  send_conclusions(peer);
  for (const auto& order : copied_.link_opened(life))
    send(order);
  for (const auto& order : copied_.holder_came(life))
    send(order);
}

void node::link_lost(const std::string& name, std::uint64_t link) {
  auto& peer = peer_at(name);
  peer.link = 0;
  peer.lost_link = link;
  peer.out.close();
  world_.after(self_, traits_.dead_after, [name, link](node& me) {
    auto& lost = me.peer_at(name);
    if (lost.link == 0 && lost.lost_link == link && lost.alive)
      me.gone(lost);
  });
  placed_again(at_peers_.lost(name, link));
}

void node::gone(peer_state& peer) {
  peer.alive = false;
  from_peers_.origin_gone(peer.life);
  for (const auto& order : copied_.holder_lost(peer.life, living_peers()))
    send(order);
}

void node::tick() {
  ++ticks_;
  placed_again(at_peers_.sweep(world_.now()));
  for (const auto& id : copied_.sweep(world_.now()))
    ended(id, ending::refused);
  take_over();
  const node_load load{.queued = queue_.size(),
                       .in_flight = in_flight_,
                       .max_in_flight = traits_.slots};
  for (auto& [name, peer] : peers_) {
    if (peer.link == 0)
      continue;
    // As seldom as heartbeats, compared with the rest.
    if (ticks_ % 3 == 0)
      repeat(peer, [from = self_, load](node& to) { to.on_load(from, load); });
    if (const auto grant = peer.in.flush())
      tell(name,
           [from = self_, grant](node& to) { to.on_grant(from, *grant); });
    for (const auto& id : copied_.take_releases(peer.life, 100))
      tell(name, [from = self_, id](node& to) { to.on_release(from, id); });
    if (ticks_ % 5 == 0)
      send_audits(peer);
  }
  for (const auto& one : store_.running(100))
    tell(one.holder, [one](node& to) {
      to.store_.is_running(one.origin, one.id, to.world_.now());
    });
  check_bounds();
}

void node::take_over() {
  const life_of view =
      [this](const std::string& name) -> std::optional<std::uint64_t> {
    if (name == self_.name)
      return self_.incarnation;
    const auto found = peers_.find(name);
    if (found == peers_.end() || !found->second.alive)
      return std::nullopt;
    return found->second.life.incarnation;
  };
  for (const auto& mine : store_.due(view, 5, world_.now())) {
    world_.books().taken_over(mine.event.id);
    jobs_.emplace(mine.event.id,
                  job{.event = mine.event, .taken_from = mine.origin});
    dispatch(mine.event.id);
  }
}

/// Does nothing for what has ended meanwhile.
void node::dispatch(const std::string& id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end())
    return;
  const auto& work = found->second;
  const candidate own{.name = self_.name,
                      .roles = traits_.roles,
                      .load = {.queued = queue_.size(),
                               .in_flight = in_flight_,
                               .max_in_flight = traits_.slots}};
  std::vector<candidate> others;
  for (const auto& [name, peer] : peers_)
    if (peer.alive && peer.link != 0)
      others.push_back(candidate_of(peer, work.event.bytes));
  const auto chosen = place(
      {.needed = role::runner, .moved_because = work.moved_because}, own,
      others, traits_.threshold, [this](std::size_t below) {
        return mfo::test::between(world_.random(), std::size_t{0}, below - 1);
      });
  const bool is_here = chosen.where == placement::place::here;
  if (is_here)
    execute([id](node& me) {
      me.world_.books().ran(id);
      me.ended(id, ending::delivered);
    });
  else if (chosen.where == placement::place::nowhere ||
           !hand_over(id, chosen.peer))
    dispatch_later(id);
}

void node::dispatch_later(const std::string& id) {
  world_.after(self_, 50ms, [id](node& me) { me.dispatch(id); });
}

bool node::hand_over(const std::string& id, const std::string& name) {
  const auto& work = jobs_.at(id);
  auto& peer = peers_.at(name);
  const auto number = at_peers_.hand(
      work.event, name, peer.link, work.moves,
      {.received = world_.now() + 2s, .concluded = world_.now() + 4s});
  if (!number) {
    EXPECT_NE(number.error(), hand_refusal::known_id) << id;
    return false;
  }
  EXPECT_TRUE(peer.out.send(work.event.bytes));
  tell(name,
       [from = self_, link = peer.link, number = *number, event = work.event](
           node& to) { to.on_run(from, link, number, event); });
  return true;
}

void node::placed_again(std::vector<outbox::returned> back) {
  for (auto& one : back) {
    world_.books().returned(one.event.id);
    auto& work = jobs_.at(one.event.id);
    EXPECT_EQ(one.moves, work.moves + 1);
    work.moves = one.moves;
    work.moved_because = placement_reason::peer_lost;
    if (one.too_often)
      ended(one.event.id, ending::dead_letter);
    else
      dispatch(one.event.id);
  }
}

void node::ended(const std::string& id, ending how) {
  const auto found = jobs_.find(id);
  ASSERT_NE(found, jobs_.end()) << id << " had ended";
  world_.books().ended(id, self_, how);
  const auto taken_from = found->second.taken_from;
  jobs_.erase(found);
  copied_.done(id);
  if (!taken_from)
    return;
  for (const auto& other : store_.concluded(*taken_from, id))
    tell(other.holder,
         [other](node& to) { to.on_release(other.origin, other.id); });
}

void node::execute(node_action then) {
  if (in_flight_ < traits_.slots)
    start(std::move(then));
  else
    queue_.push_back(std::move(then));
}

void node::start(node_action then) {
  ++in_flight_;
  const auto takes = mfo::test::between(world_.random(), 5, 150) * 1ms;
  world_.after(self_, takes, [then = std::move(then)](node& me) {
    --me.in_flight_;
    then(me);
    if (me.queue_.empty())
      return;
    auto next = std::move(me.queue_.front());
    me.queue_.pop_front();
    me.start(std::move(next));
  });
}

void node::send(const replica_origin::copy_order& order) {
  const auto& event = jobs_.at(order.id).event;
  for (const auto& name : order.send_event)
    tell(name, [from = self_, event, list = order.list](node& to) {
      to.on_copy(from, event, list);
    });
  for (const auto& name : order.send_list)
    tell(name, [from = self_, id = order.id, list = order.list](node& to) {
      to.on_list(from, id, list);
    });
}

void node::send_conclusions(peer_state& to) {
  if (to.link == 0)
    return;
  for (const auto& one : from_peers_.take_unsent(to.life, 100))
    tell(to.life.name,
         [from = self_, one](node& origin) { origin.on_concluded(from, one); });
}

void node::send_audits(const peer_state& to) {
  std::string after;
  do {
    auto page = copied_.audit(to.life, after, 10);
    after = page.up_to;
    repeat(to, [from = self_, page = std::move(page)](node& holder) {
      holder.on_audit(from, page);
    });
  } while (!after.empty());
}

void node::tell(const std::string& name, node_action what) {
  const auto found = peers_.find(name);
  if (found == peers_.end() || found->second.link == 0)
    return;
  ++news_;
  world_.send(self_, name, found->second.link, std::move(what));
}

void node::repeat(const peer_state& to, node_action what) {
  world_.send(self_, to.life.name, to.link, std::move(what));
}

candidate node::candidate_of(const peer_state& peer, std::size_t bytes) const {
  return {.name = peer.life.name,
          .roles = {role::runner},
          .load = peer.load,
          .has_credit = peer.out.may_send(bytes)};
}

std::vector<node_life> node::living_peers() const {
  std::vector<node_life> all;
  for (const auto& [name, peer] : peers_)
    if (peer.alive)
      all.push_back(peer.life);
  return all;
}

node::peer_state& node::peer_at(const std::string& name) {
  if (const auto known = peers_.find(name); known != peers_.end())
    return known->second;
  return peers_
      .try_emplace(name, peer_state{.in = credit_receiver{traits_.window}})
      .first->second;
}

void node::check_bounds() const {
  EXPECT_LE(at_peers_.size(), traits_.at_peers.max_events);
  EXPECT_LE(at_peers_.bytes(), traits_.at_peers.max_bytes);
  EXPECT_LE(from_peers_.running(), traits_.from_peers.max_running);
  EXPECT_LE(from_peers_.known(), traits_.from_peers.max_known);
  EXPECT_LE(copied_.open(), traits_.copied.max_open);
  EXPECT_LE(store_.size(), traits_.copies.max_events);
  EXPECT_LE(store_.bytes(), traits_.copies.max_bytes);
  for (const auto& [name, peer] : peers_) {
    EXPECT_LE(peer.in.at_work().events, traits_.window.events);
    EXPECT_LE(peer.in.at_work().bytes, traits_.window.bytes);
    EXPECT_LE(peer.out.left().events, traits_.window.events);
    EXPECT_LE(peer.out.left().bytes, traits_.window.bytes);
  }
}

bool node::is_at_rest() const {
  return jobs_.empty() && at_peers_.size() == 0 && from_peers_.running() == 0 &&
         from_peers_.waiting() == 0 && copied_.open() == 0 &&
         copied_.releases() == 0 && store_.size() == 0 &&
         std::all_of(peers_.begin(), peers_.end(), [](const auto& each) {
           return each.second.in.at_work() == credit{};
         });
}

std::string node::leftovers() const {
  std::string all;
  const auto add = [&](const char* what, std::size_t count) {
    if (count > 0)
      all += self_.name + ": " + std::to_string(count) + " " + what + "\n";
  };
  add("jobs", jobs_.size());
  add("at peers", at_peers_.size());
  add("bytes at peers", at_peers_.bytes());
  add("running for peers", from_peers_.running());
  add("conclusions", from_peers_.waiting());
  add("replicated", copied_.open());
  add("releases", copied_.releases());
  add("copies", store_.size());
  add("bytes of copies", store_.bytes());
  for (const auto& [name, peer] : peers_) {
    add("events not given back to a window",
        static_cast<std::size_t>(peer.in.at_work().events));
    add("bytes not given back to a window",
        static_cast<std::size_t>(peer.in.at_work().bytes));
  }
  return all;
}

} // namespace mfo::cluster::simulated
