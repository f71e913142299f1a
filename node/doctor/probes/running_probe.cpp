#include "node/doctor/probes/running_probe.hpp"

#include "node/doctor/probes/port_probe.hpp"

#include "api/json_body.hpp"

#include <utility>

namespace mfo::node::doctor {

std::optional<running_node> find_running(const patient& of) {
  const auto client = admin_client::open(of.admin());
  if (!client)
    return std::nullopt;
  const auto health = client->get("/health");
  if (!health)
    return std::nullopt;
  running_node found{.name = api::optional_text(*health, "node"),
                     .instance = api::optional_text(*health, "instance")};
  if (found.name != of.settings.node_name)
    return std::nullopt;
  for (const auto& each : listeners_at(of.settings.admin_listen.port))
    found.ids.push_back(each.id);
  return found;
}

} // namespace mfo::node::doctor
