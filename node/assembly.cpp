#include "node/assembly.hpp"

#include <map>

namespace mfo::node {

std::vector<std::string> endpoint_ids(const config::settings& settings) {
  std::vector<std::string> ids;
  for (const auto& each : settings.endpoints)
    ids.push_back(each.id);
  return ids;
}

std::vector<std::shared_ptr<core::admission>>
rooms_of_endpoints(const config::settings& settings,
                   const std::shared_ptr<core::admission>& whole) {
  std::map<std::string, std::shared_ptr<core::admission>> of_server;
  for (const auto& each : settings.servers)
    of_server.emplace(each.name, std::make_shared<core::admission>(
                                     each.max_in_flight + each.max_waiting,
                                     core::admission::no_bound, whole));
  std::vector<std::shared_ptr<core::admission>> rooms;
  for (const auto& each : settings.endpoints)
    rooms.push_back(of_server.at(each.server));
  return rooms;
}

std::chrono::seconds unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

} // namespace mfo::node
