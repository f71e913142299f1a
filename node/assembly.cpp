#include "node/assembly.hpp"

#include "config/environment.hpp"
#include "telemetry/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace mfo::node {

std::vector<std::string> endpoint_ids(const config::settings& settings) {
  std::vector<std::string> ids;
  for (const auto& each : settings.endpoints)
    ids.push_back(each.id);
  return ids;
}

server_rooms rooms_of_servers(const config::settings& settings,
                              const std::shared_ptr<core::admission>& whole) {
  server_rooms rooms;
  for (const auto& each : settings.servers)
    rooms.emplace(each.name, std::make_shared<core::admission>(
                                 each.max_in_flight + each.max_waiting,
                                 core::admission::no_bound, whole));
  return rooms;
}

server_rooms rooms_of_servers(const config::settings& settings,
                              const std::shared_ptr<core::admission>& whole,
                              const config::settings& before,
                              const server_rooms& former) {
  auto rooms = rooms_of_servers(settings, whole);
  for (const auto& each : settings.servers)
    if (std::ranges::find(before.servers, each) != before.servers.end())
      rooms[each.name] = former.at(each.name);
  return rooms;
}

std::vector<std::shared_ptr<core::admission>>
rooms_of_endpoints(const config::settings& settings, const server_rooms& all) {
  std::vector<std::shared_ptr<core::admission>> rooms;
  for (const auto& each : settings.endpoints)
    rooms.push_back(all.at(each.server));
  return rooms;
}

std::string new_instance() {
  std::random_device random;
  std::string text;
  for (int i = 0; i < 4; ++i) // of 32 bits each
    text += fmt::format("{:08x}", random());
  return text;
}

std::function<double()> uniform_source() {
  return [engine = std::mt19937_64{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{}(engine);
  };
}

telemetry::span_resource resource_of(const std::string& node_name,
                                     const std::string& instance) {
  return {{"service.version", std::string{telemetry::version}},
          {"service.instance.id", instance},
          {"host.name", config::host_name()},
          {"mfo.node", node_name}};
}

} // namespace mfo::node
