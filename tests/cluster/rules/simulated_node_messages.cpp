#include "tests/cluster/rules/simulated_node.hpp"

#include <gtest/gtest.h>

/// What a node of the simulation does with each message.
namespace mfo::cluster::simulated {

void node::on_grant(const node_life& from, const credit_grant& grant) {
  EXPECT_TRUE(peer_at(from.name).out.take(grant));
}

void node::on_load(const node_life& from, const node_load& load) {
  peer_at(from.name).load = load;
}

void node::on_copy(const node_life& from, const parcel& event,
                   const holder_list& list) {
  const auto answer = store_.keep(from, event, list);
  if (answer != keep_answer::kept && answer != keep_answer::taken_over)
    return tell(from.name, [me = self_, id = event.id](node& to) {
      to.on_refused(me, id);
    });
  world_.books().kept(event.id, self_);
  tell(from.name, [me = self_, id = event.id, version = list.version](
                      node& to) { to.on_confirmed(me, id, version); });
}

void node::on_list(const node_life& from, const std::string& id,
                   const holder_list& list) {
  const bool held = store_.relist(from, id, list);
  tell(from.name, [me = self_, id, version = list.version, held](node& to) {
    if (held)
      to.on_confirmed(me, id, version);
    else
      to.on_refused(me, id);
  });
}

void node::on_confirmed(const node_life& from, const std::string& id,
                        std::uint32_t version) {
  if (copied_.confirmed(id, from, version) != replica_origin::progress::held)
    return;
  world_.books().promised(id, jobs_.at(id).copies);
  dispatch(id);
}

void node::on_refused(const node_life& from, const std::string& id) {
  if (const auto order = copied_.refused(id, from, living_peers()))
    send(*order);
}

void node::on_release(const node_life& origin, const std::string& id) {
  store_.release(origin, id);
}

void node::on_audit(const node_life& from, const audit_page& page) {
  for (const auto& id : store_.audit(from, page))
    world_.books().dropped(id, self_);
}

void node::on_run(const node_life& from, std::uint64_t link,
                  std::uint64_t number, const parcel& event) {
  EXPECT_TRUE(peer_at(from.name).in.accept(link, event.bytes));
  tell(from.name, [me = self_, link, number](node& to) {
    to.on_received(me, link, number);
  });
  const auto verdict = from_peers_.take(from, event.id, world_.now());
  if (verdict != inbox<bool>::verdict::run) {
    finish(from.name, event.bytes);
    if (verdict == inbox<bool>::verdict::full)
      tell(from.name, [me = self_, id = event.id](node& to) {
        to.on_handed_back(me, id);
      });
    return send_conclusions(peer_at(from.name));
  }
  execute([from, event](node& me) {
    me.world_.books().ran(event.id);
    me.from_peers_.conclude(from, event.id, true, me.world_.now());
    me.finish(from.name, event.bytes);
    auto& origin = me.peer_at(from.name);
    if (origin.life == from)
      me.send_conclusions(origin);
  });
}

void node::finish(const std::string& name, std::size_t bytes) {
  if (const auto grant = peer_at(name).in.finish(bytes))
    tell(name, [me = self_, grant](node& to) { to.on_grant(me, *grant); });
}

void node::on_received(const node_life& from, std::uint64_t link,
                       std::uint64_t number) {
  at_peers_.received(from.name, link, number);
}

void node::on_handed_back(const node_life& from, const std::string& id) {
  std::vector<outbox::returned> back;
  if (auto one = at_peers_.hand_back(from.name, id))
    back.push_back(std::move(*one));
  placed_again(std::move(back));
}

void node::on_concluded(const node_life& from,
                        const inbox<bool>::conclusion& what) {
  if (at_peers_.conclude(what.id))
    ended(what.id, ending::delivered);
  tell(from.name, [me = self_, number = what.number](node& to) {
    to.from_peers_.acknowledged(me, number);
  });
}

} // namespace mfo::cluster::simulated
