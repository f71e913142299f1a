#include "cluster/transport/basp_desk.hpp"

#include "cluster/transport/node_identity.hpp"

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/make_counted.hpp>
#include <caf/send.hpp>

#include <set>
#include <string>
#include <utility>

namespace mfo::cluster::wire {

namespace {

joined_note answer_of(link_id link, const caf::node_id& own,
                      const caf::node_id& peer, caf::strong_actor_ptr gate) {
  if (peer == own)
    return {link, nullptr,
            end_cause{end_reason::own_node, "it is this node itself"}};
  if (gate == nullptr)
    return {link, nullptr,
            end_cause{end_reason::no_gate, "the peer publishes no actor"}};
  return {link, std::move(gate), std::nullopt};
}

/// Asks the broker to shake hands, and tells what came of it.
caf::behavior asker_of(caf::event_based_actor* self, const caf::actor& broker,
                       const std::shared_ptr<inbox>& told, std::uint16_t port) {
  return {[=](caf::connect_atom, caf::io::scribe_ptr& scribe, link_id link,
              caf::timespan limit) {
    self->request(broker, limit, caf::connect_atom_v, std::move(scribe), port)
        .then(
            [=](const caf::node_id& peer, caf::strong_actor_ptr& gate,
                const std::set<std::string>&) {
              told->push(answer_of(link, self->system().node(), peer,
                                   std::move(gate)));
            },
            [=](const caf::error& why) {
              told->push(
                  joined_note{link, nullptr,
                              end_cause{end_reason::timed_out,
                                        "its greeting of BASP has not come: " +
                                            self->system().render(why)}});
            });
  }};
}

} // namespace

basp_desk::basp_desk(parts given)
  : parts_(std::move(given)),
    broker_(parts_.system->middleman().named_broker<caf::io::basp_broker>(
        caf::atom("BASP"))),
    asker_(parts_.system->spawn<caf::hidden>(asker_of, broker_, parts_.told,
                                             parts_.port)) {}

basp_desk::~basp_desk() {
  caf::anon_send_exit(asker_, caf::exit_reason::kill);
  caf::anon_send(broker_, caf::unpublish_atom_v,
                 caf::actor_cast<caf::actor_addr>(parts_.gate), parts_.port);
  // Where the broker has put it, so that peers reach it by its number.
  parts_.system->registry().erase(parts_.gate->id());
}

link_scribe_ptr basp_desk::take_in(link_id link, channel connection,
                                   const header_filter& filter) {
  auto scribe = make(link, std::move(connection), filter);
  caf::anon_send(broker_, caf::publish_atom_v, caf::io::scribe_ptr{scribe},
                 parts_.port, parts_.gate, std::set<std::string>{});
  return scribe;
}

link_scribe_ptr basp_desk::join(link_id link, channel connection,
                                const header_filter& filter,
                                std::chrono::nanoseconds limit) {
  auto scribe = make(link, std::move(connection), filter);
  caf::anon_send(asker_, caf::connect_atom_v, caf::io::scribe_ptr{scribe}, link,
                 caf::timespan{limit});
  return scribe;
}

caf::node_id basp_desk::node_of(std::string_view bytes) const {
  return node_id_of(*parts_.system, bytes);
}

link_scribe_ptr basp_desk::make(link_id link, channel connection,
                                const header_filter& filter) {
  return caf::make_counted<link_scribe>(*parts_.multiplexer, link,
                                        std::move(connection), filter,
                                        parts_.told, parts_.max_unsent);
}

} // namespace mfo::cluster::wire
