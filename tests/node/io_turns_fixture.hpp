#pragma once

#include "node/io_turns.hpp"

#include "tests/support/child_process.hpp"

#include <caf/all.hpp>

#include <future>
#include <optional>
#include <thread>

namespace mfo::node {

struct config_of_turns : caf::actor_system_config {
  explicit config_of_turns(io_turns& turns) {
    turns.prepare(*this);
  }
};

/// Its thread, of whoever handles a message.
class place {
public:
  void is_here() {
    where_.set_value(std::this_thread::get_id());
  }

  std::optional<std::thread::id> get() {
    auto found = where_.get_future();
    if (found.wait_for(support::patience) != std::future_status::ready)
      return std::nullopt;
    return found.get();
  }

private:
  std::promise<std::thread::id> where_;
};

/// Tells where it is at its only message, and ends.
inline caf::behavior reporter(caf::event_based_actor* self, place* where) {
  return {[self, where](int) {
    where->is_here();
    self->quit();
  }};
}

} // namespace mfo::node
