#pragma once

#include <caf/actor_config.hpp>
#include <caf/actor_proxy.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_actor.hpp>
#include <caf/message.hpp>
#include <caf/node_id.hpp>

#include <cstdint>
#include <functional>
#include <utility>

namespace mfo::cluster::test {

/// An actor system without a thread, in whose time nothing happens by itself.
struct still_configuration : caf::actor_system_config {
  still_configuration() {
    set("scheduler.policy", caf::atom("testing"));
    set("logger.inline-output", true);
  }
};

/// CAF's id of a process of another host; equal for equal numbers.
inline caf::node_id far_node(std::uint8_t number) {
  caf::node_id::default_data::host_id_type host{};
  host.back() = number;
  host.front() = 1;
  return caf::make_node_id(1, host);
}

/// The gate of a peer, as a node has it that is linked with it: what is sent to
/// it goes to `heard`.
class far_gate final : public caf::actor_proxy {
public:
  using listener = std::function<void(const caf::message&)>;

  far_gate(caf::actor_config& config, listener heard)
    : caf::actor_proxy(config), heard_(std::move(heard)) {}

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    if (heard_)
      heard_(what->move_content_to_message());
  }

  void kill_proxy(caf::execution_unit*, caf::error) override {}

private:
  listener heard_;
};

inline caf::strong_actor_ptr gate_at(caf::actor_system& system,
                                     const caf::node_id& node,
                                     far_gate::listener heard = {}) {
  caf::actor_config config;
  return caf::make_actor<far_gate, caf::strong_actor_ptr>(
      1, node, &system, config, std::move(heard));
}

} // namespace mfo::cluster::test
