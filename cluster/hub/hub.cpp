#include "cluster/hub/hub.hpp"

#include "cluster/hub/hub_engine.hpp"

#include "actors/stage.hpp"

#include <utility>

namespace mfo::cluster {

namespace {

/// A word of a peer, from its gate. Without a sender it is nobody's.
void hear(hub_engine::pointer self, peer_word what, const std::string& bytes) {
  auto& engine = *self->state.engine;
  if (const auto& from = self->current_sender(); from != nullptr)
    engine.links().said(from, what, bytes, engine.now());
}

} // namespace

core::event_ptr
hub_rules::revive(const wire_event& what,
                  std::shared_ptr<core::stage_depths> depths,
                  std::chrono::steady_clock::time_point now) const {
  auto known = endpoint(what.endpoint);
  return known ? cluster::revive(what, std::move(known), std::move(depths), now,
                                 generation, traced)
               : nullptr;
}

hub_state::hub_state() = default;
hub_state::~hub_state() = default;

hub_actor::behavior_type hub(hub_engine::pointer self, hub_deps_ptr deps) {
  actors::end_on_exception(self, deps->log);
  // What a peer sends that no node of this version knows is dropped. It is no
  // reason to end: neither are a peer's exit or error messages.
  self->set_default_handler(caf::drop);
  self->set_error_handler([](caf::error&) {});
  self->set_down_handler([](caf::down_msg&) {});
  self->set_exit_handler([self](const caf::exit_msg& exit) {
    if (exit.source.node() == self->node())
      self->quit(exit.reason);
  });
  self->state.engine = std::make_unique<hub_engine>(self, std::move(deps));
  return {
      [self](hello_atom, const std::string& bytes) {
        hear(self, peer_word::hello, bytes);
      },
      [self](welcome_atom, const std::string& bytes) {
        hear(self, peer_word::welcome, bytes);
      },
      [self](refuse_atom, const std::string& bytes) {
        hear(self, peer_word::refuse, bytes);
      },
      [self](beat_atom, const std::string& bytes) {
        hear(self, peer_word::beat, bytes);
      },
      [self](drain_atom, const std::string& node) {
        self->state.engine->ask_to_drain(node);
      },
      [self](work_atom, std::uint64_t number, const std::string& bytes) {
        auto& engine = *self->state.engine;
        if (const auto& from = self->current_sender(); from != nullptr)
          engine.talk().hear(engine.work(), from->node(), number, bytes);
      },
      [self](copies_atom, std::uint64_t number, const std::string& bytes) {
        auto& engine = *self->state.engine;
        if (const auto& from = self->current_sender(); from != nullptr)
          engine.talk().hear(engine.copies().desk(), from->node(), number,
                             bytes);
      },
      [self](claims_atom, std::uint64_t number, const std::string& bytes) {
        auto& engine = *self->state.engine;
        if (const auto& from = self->current_sender(); from != nullptr)
          engine.talk().hear(engine.claims().desk(), from->node(), number,
                             bytes);
      },
      [self](calls_atom, std::uint64_t number, const std::string& bytes) {
        auto& engine = *self->state.engine;
        if (const auto& from = self->current_sender(); from != nullptr)
          engine.talk().hear(engine.calls(), from->node(), number, bytes);
      },
      [self](const core::event_ptr& event, const actors::route_ptr& route) {
        return actors::answer_or_throw(
            self, [&] { return self->state.engine->take(event, route); });
      },
      [self](actors::wire_atom, actors::task_runner_actor other,
             std::uint64_t generation) {
        self->state.engine->runners[generation] = std::move(other);
      },
      [self](actors::adopt_atom, const hub_rules_ptr& rules) {
        self->state.engine->adopt(rules);
      },
      [self](actors::forget_atom, std::uint64_t generation) {
        self->state.engine->runners.erase(generation);
      },
      [self](actors::wire_atom, const std::string& server,
             const actors::mfo_connector_actor& by) {
        self->state.engine->calls().connect(server, by);
      },
      [self](const std::string& server,
             const actors::api_request_ptr& request) {
        return self->state.engine->calls().call(server, request);
      },
      [self](const std::string& server, const core::event_ptr& event) {
        return self->state.engine->calls().forward(server, event);
      },
      [self](actors::cancel_atom, const std::string& server,
             const std::string& id) {
        self->state.engine->calls().cancel(server, id);
      },
      [self](actors::abandon_atom, const std::string& server) {
        self->state.engine->calls().abandon(server);
      },
      [self](const peer_wire_ptr& wire) { self->state.engine->begin(wire); },
      [self](const link_event_ptr& what) {
        auto& engine = *self->state.engine;
        engine.links().heard_of(*what, engine.now());
      },
      [self](found_atom, const seed_list_ptr& seeds) {
        auto& engine = *self->state.engine;
        engine.links().seeds_resolved(*seeds, engine.now());
      },
      [self](found_atom, std::uint64_t token, const std::string& expected,
             const config::listen_address& where) {
        self->state.engine->dial_found(token, expected, where);
      },
      [self](failed_atom, std::uint64_t token) {
        auto& engine = *self->state.engine;
        engine.links().dial_failed(token, engine.now());
      },
      [self](failed_atom, std::uint64_t number, const std::string& peer) {
        auto& engine = *self->state.engine;
        if (engine.links().number_of(peer) == number)
          engine.links().close(peer, "it breaks the rules", engine.now());
      },
      [self](flush_atom, const std::string& peer) {
        self->state.engine->flush_now(peer);
      },
      [self](settled_atom, const std::string& id) {
        self->state.engine->copies().settled(id);
      },
      [self](hand_over_atom, const core::event_ptr& event) {
        self->state.engine->copies().hand_over(event);
      },
      [self](settle_atom, const core::event_ptr& event,
             core::delivery_end end) {
        self->state.engine->settle(event, end);
      },
      [self](due_atom, const std::string& trigger,
             std::chrono::milliseconds at) {
        self->state.engine->claims().schedule_due(
            {.trigger = trigger, .tick = at});
      },
      [self](drain_atom) { self->state.engine->drain(); },
      [self](leave_atom) { self->state.engine->leave(); },
      [self](actors::tick_atom) { self->state.engine->tick(); },
  };
}

} // namespace mfo::cluster
