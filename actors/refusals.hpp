#pragma once

#include "core/outcome.hpp"

#include <chrono>
#include <string>

/// What a call to a server is answered where it is not for the server's reply:
/// the words for the log, and when to come again.
namespace mfo::actors {

/// `left`: how long the circuit will be open yet. `why`: what opened it.
core::outcome circuit_open(std::chrono::milliseconds left,
                           const std::string& why);

/// `why`: what was wrong with the last login; `left`: until the next one.
core::outcome no_login(std::chrono::milliseconds left, const std::string& why);

/// The call's deadline comes before the server is ready, `wait` from now.
core::outcome server_not_ready(std::chrono::milliseconds wait);

/// Others were before it.
core::outcome no_turn();

/// Nobody waits for the answer any more.
core::outcome not_wanted();

/// `on_the_wire`: whether it may arrive yet.
core::outcome node_stops(bool on_the_wire);

} // namespace mfo::actors
