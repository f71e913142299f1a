#include "actors/remote_connector.hpp"

#include "actors/handover.hpp"

#include <utility>

namespace mfo::actors {

mfo_connector_actor::behavior_type
remote_connector(mfo_connector_actor::pointer self, const std::string& server,
                 const sharing_actor& hub) {
  return {
      [self, server, hub](core::event_ptr& event) {
        return pass_on(self, hub, server, std::move(event));
      },
      [self, server, hub](const api_request_ptr& request) {
        return self->delegate(hub, server, request);
      },
      [self, server, hub](cancel_atom, const std::string& id) {
        self->send(hub, cancel_atom::value, server, id);
      },
      [](open_atom) {},
      [self, server, hub](abandon_atom) {
        self->send(hub, abandon_atom::value, server);
      },
  };
}

} // namespace mfo::actors
