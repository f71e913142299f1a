#include "cluster/transport/node_identity.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/error.hpp>
#include <caf/node_id.hpp>
#include <unistd.h>

#include <random>
#include <vector>

namespace caf::net {

/// A module that is asked after the middleman has set the node id and before
/// anything uses it, and that CAF 0.17.6 lets change it: it has this class for
/// a friend, and does not define it.
class middleman : public actor_system::module {
public:
  explicit middleman(actor_system& system) : system_(&system) {}

  void init(actor_system_config&) override {
    node_id::default_data::host_id_type host{};
    std::random_device random;
    for (auto& byte : host)
      byte = static_cast<std::uint8_t>(random());
    system_->node_ = make_node_id(static_cast<std::uint32_t>(::getpid()), host);
  }

  void start() override {}

  void stop() override {}

  id_t id() const override {
    return network_manager;
  }

  void* subtype_ptr() override {
    return this;
  }

  static module* make(actor_system& system, detail::type_list<>) {
    return new middleman{system};
  }

private:
  actor_system* system_;
};

} // namespace caf::net

namespace mfo::cluster::wire {

void use_random_node_id(caf::actor_system_config& config) {
  config.load<caf::net::middleman>();
}

bool has_random_node_id(const caf::actor_system& system) {
  return system.has_network_manager();
}

caf::node_id node_id_of(caf::actor_system& system, std::string_view bytes) {
  caf::node_id result;
  caf::binary_deserializer source{system, bytes.data(), bytes.size()};
  if (auto failure = source(result))
    return {};
  return result;
}

std::string node_id_bytes(caf::actor_system& system) {
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  if (auto failure = sink(system.node()))
    return {};
  return {bytes.begin(), bytes.end()};
}

} // namespace mfo::cluster::wire
