#include "cluster/hub/hub_engine.hpp"

#include "core/event_lanes.hpp"
#include "core/ordering_key.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

core::outcome stage_lost(const caf::error& why) {
  return core::refused(core::errc::stage_unavailable, caf::to_string(why));
}

/// What the sender of a repetition hears.
std::optional<core::outcome> refused_by(claim_verdict verdict) {
  switch (verdict) {
  case claim_verdict::in_progress:
    return core::refused(core::errc::in_progress);
  case claim_verdict::taken:
    return core::refused(core::errc::duplicate);
  case claim_verdict::fresh:
    break;
  }
  return std::nullopt;
}

/// A random number below a bound of a random one below 1.
random_below below(std::function<double()> uniform) {
  return [uniform = std::move(uniform)](std::size_t bound) {
    const auto drawn =
        static_cast<std::size_t>(uniform() * static_cast<double>(bound));
    return std::min(drawn, bound - 1);
  };
}

/// What is kept for good: not the rules, which would hold on to a generation
/// that is long gone.
hub_deps_ptr without_rules(hub_deps deps) {
  static_cast<hub_rules&>(deps) = {};
  return std::make_shared<const hub_deps>(std::move(deps));
}

} // namespace

hub_engine::hub_engine(pointer self, const hub_deps_ptr& deps)
  : self_(self), deps_(without_rules(*deps)),
    rules_(std::make_shared<const hub_rules>(*deps)),
    routes_(rules_->workflows),
    members_(deps_->cluster, deps_->card, deps_->membership, deps_->uniform,
             self->clock().now()),
    links_(members_, *this), talk_(self, deps_, links_),
    dispatcher_(deps_->sharing, *this, below(deps_->uniform)),
    copies_(self, deps_, rules_, talk_), claims_(self, deps_, talk_),
    calls_(self, deps_, rules_, talk_, below(deps_->uniform)) {
  view_changed(members_.snapshot());
}

hub_engine::clock::time_point hub_engine::now() const {
  return self_->clock().now();
}

void hub_engine::begin(peer_wire_ptr wire) {
  wire_ = std::move(wire);
  self_->send(self_, actors::tick_atom::value);
}

void hub_engine::tick() {
  self_->delayed_send(self_, tick_interval(deps_->membership),
                      actors::tick_atom::value);
  const auto load = rules_->load();
  dispatcher_.set_load(load);
  members_.report_load(
      bounded({.queue_depth = static_cast<std::uint32_t>(load.queued),
               .in_flight = static_cast<std::uint32_t>(load.in_flight),
               .max_in_flight = static_cast<std::uint32_t>(load.max_in_flight),
               .open_circuits = rules_->open_circuits()}));
  links_.tick(now());
  dispatcher_.sweep(now());
  copies_.tick();
  claims_.tick();
  calls_.tick();
  note_numbers();
}

void hub_engine::note_numbers() {
  auto& shown = *deps_->report;
  shown.show(members_.counters());
  std::vector<linked_peer> peers;
  for (auto& [name, left] : dispatcher_.credits())
    peers.push_back({name, links_.link_of(name), left});
  shown.show(std::move(peers));
  shown.links.store(links_.size(), std::memory_order_relaxed);
  shown.away.store(dispatcher_.away(), std::memory_order_relaxed);
  shown.waiting.store(dispatcher_.waiting(), std::memory_order_relaxed);
  shown.running.store(dispatcher_.running(), std::memory_order_relaxed);
  shown.in_line.store(dispatcher_.in_line(), std::memory_order_relaxed);
  if (members_.has_left())
    shown.left.store(true);
}

placement_request hub_engine::request_for(const core::event& event,
                                          const actors::route& route) const {
  const auto& where = event.endpoint->placement;
  // What is only forwarded is run by whoever calls the server.
  return {.needed = route.triggers.empty() ? role::connector : role::runner,
          .require = {where.require.begin(), where.require.end()},
          .prefer = {where.prefer.begin(), where.prefer.end()}};
}

/// One that is taken over had its claim where it came in.
bool hub_engine::needs_claim(const core::event& event) const {
  return deps_->dedup && event.named_by_sender &&
         !copies_.has_inherited(event.id);
}

caf::result<core::outcome> hub_engine::take(const core::event_ptr& event,
                                            const actors::route_ptr& route) {
  event->where.move_to(core::stage::task_runner, now());
  const bool ordered = core::is_ordered(*event);
  const bool asks = needs_claim(*event);
  if (!asks && (!ordered || undecided_.is_empty(*event)))
    return go_on(event, route);
  auto answer = self_->make_response_promise<core::outcome>();
  if (ordered)
    undecided_.join(*event);
  const auto verdict =
      asks ? claims_.claim(event,
                           [this, event, route, answer](claim_verdict what) {
                             decided({event, route, answer, what});
                           })
           : claim_verdict::fresh;
  if (verdict)
    decided({event, route, answer, *verdict});
  return answer;
}

void hub_engine::decided(claimed what) {
  if (!core::is_ordered(*what.event))
    return go_on(std::move(what));
  const auto event = what.event;
  for (auto& each : undecided_.may_go(*event, std::move(what)))
    go_on(std::move(each));
}

void hub_engine::settle(const core::event_ptr& event, core::delivery_end end) {
  claims_.settle(event, end);
  if (core::is_ordered(*event))
    for (auto& each : undecided_.leave(*event))
      go_on(std::move(each));
}

/// Where the event is to be run; or why it is not.
placement hub_engine::begin_way(const core::event_ptr& event,
                                const actors::route& route,
                                std::optional<core::outcome>& refusal) {
  refusal = copies_.begin(event);
  if (refusal)
    return {};
  dispatcher_.set_load(rules_->load());
  const auto where =
      dispatcher_.place(event, request_for(*event, route), now());
  if (where.where == placement::place::nowhere)
    refusal = where.reason == placement_reason::ordering_key
                  ? core::no_turn_soon()
                  : core::refused(core::errc::no_eligible_node,
                                  std::string{to_string(where.reason)});
  else if (event->endpoint->ack == config::ack_mode::received)
    deps_->acknowledge(event);
  return where;
}

caf::result<core::outcome> hub_engine::go_on(const core::event_ptr& event,
                                             const actors::route_ptr& route) {
  std::optional<core::outcome> refusal;
  const auto where = begin_way(event, *route, refusal);
  if (refusal)
    return *std::move(refusal);
  if (where.where == placement::place::here)
    return self_->delegate(runner_of(*event), event, route);
  auto answer = self_->make_response_promise<core::outcome>();
  promises_.insert_or_assign(event.get(), answer);
  return answer;
}

void hub_engine::go_on(claimed what) {
  auto refusal = refused_by(what.verdict);
  const auto where =
      refusal ? placement{} : begin_way(what.event, *what.route, refusal);
  if (refusal)
    what.answer.deliver(*std::move(refusal));
  else if (where.where == placement::place::here)
    what.answer.delegate(runner_of(*what.event), what.event, what.route);
  else
    promises_.insert_or_assign(what.event.get(), std::move(what.answer));
}

template <class Then>
void hub_engine::run_and_then(const core::event_ptr& event, Then then) {
  event->where.move_to(core::stage::task_runner, now());
  const auto way = routes_.find(*event);
  event->trail.routed(way->names);
  self_->request(runner_of(*event), caf::infinite, event, way)
      .then([then](const core::outcome& how) mutable { then(how); },
            [then](const caf::error& why) mutable { then(stage_lost(why)); });
}

void hub_engine::adopt(hub_rules_ptr rules) {
  rules_ = std::move(rules);
  routes_ = actors::route_table{rules_->workflows};
}

void hub_engine::flush_now(const std::string& peer) {
  talk_.flushing(peer);
  talk_.said(peer, dispatcher_.flush(peer, now()) +
                       copies_.desk().flush(peer, now()) +
                       claims_.desk().flush(peer, now()) +
                       calls_.desk().flush(peer, now()));
}

void hub_engine::drain() {
  dispatcher_.drain();
  calls_.desk().set_draining(true);
  links_.drain(now());
  // What came until now counts: nothing comes any more.
  note_numbers();
  copies_.note_numbers();
  deps_->report->draining.store(true);
}

void hub_engine::ask_to_drain(const std::string& node) {
  const auto& from = self_->current_sender();
  const bool by_peer = from != nullptr && from->node() != self_->node();
  if (node == deps_->card.name) {
    deps_->log->info("drain asked for",
                     {{"reason", by_peer ? "by way of a peer" : "here"}});
    deps_->drain_asked();
  } else if (const auto gate = links_.gate_of(node); gate && !by_peer) {
    self_->send(caf::actor_cast<gate_actor>(gate), drain_atom::value, node);
  }
}

/// Before the good-bye, as peers take over what they hold for a node that has
/// left.
void hub_engine::leave() {
  copies_.desk().flush_all(now());
  for (const auto& peer : talk_.waiting())
    flush_now(peer);
  links_.leave(now());
  note_numbers();
}

void hub_engine::send(const std::string& peer, std::string bytes) {
  talk_.send<work_atom>(peer, std::move(bytes));
}

void hub_engine::flush_soon(const std::string& peer) {
  talk_.flush_soon(peer);
}

core::event_ptr hub_engine::revive(const wire_event& what) {
  return rules_->revive(what, deps_->depths, now());
}

void hub_engine::run(const node_life& origin, const core::event_ptr& event) {
  deps_->report->taken.fetch_add(1, std::memory_order_relaxed);
  event->trail.came_from(origin.name);
  const auto story =
      std::make_shared<telemetry::event_entry>(deps_->events->begin(event));
  run_and_then(event, [this, origin, event, story](const core::outcome& how) {
    story->end({.outcome = how, .at = now()});
    dispatcher_.ran(origin, event, how, now());
  });
}

void hub_engine::run_here(const core::event_ptr& event) {
  event->trail.placed(deps_->card.name, now());
  run_and_then(event, [this, event](const core::outcome& how) {
    dispatcher_.ran_here(event, how, now());
  });
}

void hub_engine::answer(const core::event_ptr& event, core::outcome how) {
  if (auto waits = promises_.extract(event.get()))
    waits.mapped().deliver(std::move(how));
}

void hub_engine::moved(const core::event& event, const std::string& peer,
                       placement_reason why) {
  event.trail.placed(peer, now());
  deps_->report->count_move(why);
  if (why == placement_reason::peer_lost)
    deps_->log->warn("event moved",
                     {{"node", peer}, {"reason", to_string(why)}});
}

} // namespace mfo::cluster
