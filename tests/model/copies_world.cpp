#include "tests/model/copies_world.hpp"

#include "tests/cluster/copies/views.hpp"
#include "tests/cluster/messages/events.hpp"
#include "tests/model/copies_acting.hpp"

#include <algorithm>

namespace mfo::model {

using namespace std::chrono_literals;

cluster::copy_settings copies_plan::default_settings() {
  cluster::copy_settings all;
  all.kept.patience = 5s;
  all.held_within = 1s;
  all.audit_every = 2s;
  all.audit_draining_every = 1s;
  all.running_every = 1s;
  all.trust_link_for = 500ms;
  return all;
}

copies_world::node::node(cluster::node_life own, std::size_t peers,
                         const cluster::copy_settings& settings,
                         cluster::copy_host& host)
  : life(std::move(own)), desk(life, settings, host), sees(peers) {
  past.add(life.name).add(life.incarnation);
}

copies_world::copies_world(const copies_plan& plan)
  : shared_(std::make_shared<shared_parts>(shared_parts{.plan = plan})),
    nodes_(plan.nodes), lives_(plan.nodes), links_(plan.nodes * plan.nodes),
    ways_(plan.nodes * plan.nodes), now_(1h), stories_(plan.origins.size()) {
  for (std::size_t i = 0; i < plan.nodes; ++i) {
    shared_->names.emplace_back(1, static_cast<char>('a' + i));
    shared_->ports.push_back(std::make_unique<port>(*shared_, i));
  }
  for (std::size_t i = 0; i < plan.origins.size(); ++i) {
    const auto made = cluster::test::sample_event(now_);
    made->id = "event " + std::to_string(i + 1);
    made->deadline = now_ + 10min;
    shared_->events.push_back(made);
  }
  left_.restarts = static_cast<unsigned>(plan.nodes);
  for (std::size_t i = 0; i < plan.nodes; ++i)
    restart(i);
  for (std::size_t a = 0; a < plan.nodes; ++a)
    for (std::size_t b = a + 1; b < plan.nodes; ++b)
      join(a, b);
  settle();
  left_ = plan.may;
}

void copies_world::apply(const action& what) {
  switch (what.what) {
  case kind::begin:
    begin(what.a);
    break;
  case kind::deliver:
    deliver(what.a, what.b);
    break;
  case kind::lose:
    way(what.a, what.b).erase(way(what.a, what.b).begin());
    break;
  case kind::cut:
    cut(what.a, what.b);
    break;
  case kind::notice:
    notice(what.a, what.b);
    break;
  case kind::find_dead:
    find_dead(what.a, what.b);
    break;
  case kind::learn:
    learn(what.a, what.b);
    break;
  case kind::join:
    join(what.a, what.b);
    break;
  case kind::crash:
    crash(what.a);
    break;
  case kind::restart:
    restart(what.a);
    break;
  case kind::finish:
    finish(what.a);
    break;
  case kind::conclude:
    conclude(what.a);
    break;
  case kind::sweep:
    sweep(what.a);
    break;
  case kind::second:
    pass_a_second();
    break;
  case kind::drain:
    drain(what.a);
    break;
  case kind::hear_drain:
    hear_drain(what.a, what.b);
    break;
  }
  check(what.what == kind::crash);
}

std::uint64_t copies_world::fingerprint() const {
  digest sum;
  sum.add(now_.time_since_epoch()).add(crashes_).add(surprises_);
  for (const auto& each : nodes_) {
    sum.add(each != nullptr);
    if (each)
      sum.add(each->past.value()).add(each->view_is_new);
  }
  for (const auto life : lives_)
    sum.add(life);
  for (const auto& each : links_)
    sum.add(each.number).add(each.up);
  for (const auto& each : ways_) {
    sum.add(each.size());
    for (const auto& one : each)
      sum.add(one.fingerprint);
  }
  for (const auto& each : stories_)
    sum.add(each.name.ticket)
        .add(each.promised)
        .add(each.lost)
        .add(each.taken_over)
        .add(each.deliveries)
        .add(each.crashes_before);
  sum.add(left_.crashes).add(left_.restarts).add(left_.cuts);
  sum.add(left_.false_deaths).add(left_.drains).add(left_.seconds);
  return sum.value();
}

std::optional<std::string> copies_world::wrong() const {
  return wrong_;
}

copies_world::node& copies_world::edit(std::size_t who) {
  auto& own = nodes_[who];
  if (own.use_count() > 1)
    own = std::make_shared<node>(*own);
  return *own;
}

/// Tells its desk whom it sees.
void copies_world::see(node& own) {
  std::string key = own.life.name + std::to_string(own.life.incarnation);
  key += own.draining ? " drains" : "";
  for (const auto& each : own.sees)
    key += ' ' + each.life.name + std::to_string(each.life.incarnation) +
           std::string(cluster::to_string(each.state)) +
           (each.link != 0 ? "+" : "-") + (each.draining ? "d" : "");
  auto& view = shared_->views[key];
  if (!view) {
    std::vector<cluster::test::shown_member> members{
        {.name = own.life.name,
         .process = own.life.incarnation,
         .draining = own.draining}};
    for (const auto& each : own.sees)
      if (each.life.incarnation != 0)
        members.push_back({.name = each.life.name,
                           .process = each.life.incarnation,
                           .state = each.state,
                           .linked = each.link != 0,
                           .draining = each.draining});
    view = cluster::test::view_of(own.life.name, std::move(members));
  }
  own.past.add(key);
  own.view_is_new = true;
  own.desk.set_view(view, now_);
}

/// Over a link that has ended, but is not seen to have, it is lost.
void copies_world::send(std::size_t from, const std::string& to,
                        std::string bytes) {
  const auto peer = number_of(to);
  const auto& over = link_of(from, peer);
  if (!over.up || over.number != nodes_[from]->sees[peer].link)
    return;
  const auto fingerprint = digest{}.add(bytes).value();
  way(from, peer)
      .push_back(
          {std::make_shared<const std::string>(std::move(bytes)), fingerprint});
}

void copies_world::held(const node& origin, const std::string& id) {
  auto* const of = story_of(origin.life, id);
  if (of == nullptr)
    return complain(id + " is held, and is not known");
  if (shared_->plan.harm != sabotage::acknowledges_early &&
      (of->promised || of->given_up || of->finished))
    complain(id + " is held after it was held, given up or finished");
  of->promised = true;
  const auto holders = origin.desk.holders_of(id);
  if (holders.size() != shared_->plan.copies)
    complain(id + " is held by " + std::to_string(holders.size()));
  for (const auto& holder : holders) {
    const auto* there = at(number_of(holder.name));
    if (there != nullptr && there->life == holder && of->deliveries == 0 &&
        !there->desk.holds(of->name))
      complain(holder.name + " has said that it holds " + id +
               ", and does not");
  }
}

void copies_world::not_held(const node& origin, const std::string& id) {
  auto* const of = story_of(origin.life, id);
  if (of == nullptr || of->promised || of->given_up || of->finished)
    return complain(id + " is given up after it was held or finished");
  of->given_up = true;
}

void copies_world::take_over(node& own, const cluster::node_life& origin,
                             const std::string& id) {
  own.runs.emplace_back(origin, id);
  auto* const of = story_of(origin, id);
  if (of == nullptr)
    return complain(id + " is taken over, and was never begun");
  ++of->taken_over;
  if (!healing_ && of->taken_over > surprises_)
    complain(id + " is taken over more often than nodes crashed, or could not "
                  "be heard");
}

const copies_world::node* copies_world::at(std::size_t who) const {
  return nodes_[who].get();
}

std::size_t copies_world::number_of(const std::string& name) const {
  const auto& all = shared_->names;
  return static_cast<std::size_t>(std::find(all.begin(), all.end(), name) -
                                  all.begin());
}

const copies_world::link& copies_world::link_of(std::size_t a,
                                                std::size_t b) const {
  return links_[std::min(a, b) * nodes_.size() + std::max(a, b)];
}

copies_world::link& copies_world::link_of(std::size_t a, std::size_t b) {
  return links_[std::min(a, b) * nodes_.size() + std::max(a, b)];
}

const std::vector<copies_world::message>&
copies_world::way(std::size_t from, std::size_t to) const {
  return ways_[from * nodes_.size() + to];
}

std::vector<copies_world::message>& copies_world::way(std::size_t from,
                                                      std::size_t to) {
  return ways_[from * nodes_.size() + to];
}

copies_world::story* copies_world::story_of(const cluster::node_life& origin,
                                            const std::string& id) {
  for (std::size_t i = 0; i < stories_.size(); ++i)
    if (shared_->events[i]->id == id && stories_[i].name.origin == origin)
      return &stories_[i];
  return nullptr;
}

void copies_world::port::send(const std::string& peer, std::string bytes) {
  all_.at_work->send(number_, peer, std::move(bytes));
}

void copies_world::port::flush_soon(const std::string& peer) {
  all_.at_work->nodes_[number_]->to_flush.insert(peer);
}

void copies_world::port::held(const core::event_ptr& event) {
  all_.at_work->held(*all_.at_work->nodes_[number_], event->id);
}

void copies_world::port::not_held(const core::event_ptr& event,
                                  cluster::give_up_cause) {
  all_.at_work->not_held(*all_.at_work->nodes_[number_], event->id);
}

bool copies_world::port::has_endpoint(std::string_view id) {
  return id == all_.events.front()->endpoint->id;
}

core::event_ptr copies_world::port::revive(const cluster::wire_event& what) {
  return cluster::revive(what, all_.events.front()->endpoint, nullptr,
                         all_.at_work->now_);
}

void copies_world::port::take_over(const cluster::node_life& origin,
                                   const core::event_ptr& event) {
  all_.at_work->take_over(*all_.at_work->nodes_[number_], origin, event->id);
}

void copies_world::port::cannot_run(const cluster::node_life&,
                                    std::string_view id) {
  all_.at_work->complain(std::string(id) + " cannot be run");
}

void copies_world::port::faulty(const std::string& peer, std::string_view why) {
  all_.at_work->complain(all_.names[number_] + " says of " + peer + ": " +
                         std::string(why));
}

} // namespace mfo::model
