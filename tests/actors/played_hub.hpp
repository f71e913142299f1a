#pragma once

#include "actors/interfaces.hpp"

#include <caf/all.hpp>

#include <memory>
#include <string>
#include <vector>

namespace mfo::actors::tests {

/// The hub of a node, played: it writes down what it is asked for, and answers
/// everything with an outcome after 7 attempts.
class played_hub {
public:
  sharing_actor start(caf::actor_system& system) {
    return system.spawn([this] { return behave(); });
  }

  std::vector<std::string> asked;
  std::vector<std::string> connectors; ///< servers that it was given one of

private:
  [[nodiscard]] static core::outcome outcome() {
    core::outcome result;
    result.attempts = 7;
    return result;
  }

  sharing_actor::behavior_type behave() {
    return {
        [](const core::event_ptr&, const route_ptr&) { return outcome(); },
        [](wire_atom, const task_runner_actor&, std::uint64_t) {},
        [](forget_atom, std::uint64_t) {},
        [this](wire_atom, const std::string& server,
               const mfo_connector_actor&) { connectors.push_back(server); },
        [this](const std::string& server, const api_request_ptr& request) {
          asked.push_back(request->id + " to " + server);
          auto result = std::make_shared<api_result>();
          result->outcome = outcome();
          return api_result_ptr{std::move(result)};
        },
        [this](const std::string& server, const core::event_ptr&) {
          asked.push_back("event to " + server);
          return outcome();
        },
        [this](cancel_atom, const std::string& server, const std::string& id) {
          asked.push_back("not " + id + " to " + server);
        },
        [this](abandon_atom, const std::string& server) {
          asked.push_back("nothing to " + server);
        },
    };
  }
};

} // namespace mfo::actors::tests
