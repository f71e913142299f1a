#include "cluster/membership/load_report.hpp"

#include <algorithm>

namespace mfo::cluster {

namespace {

bool is_too_long(const std::string& server) {
  return server.size() > longest_server_name;
}

} // namespace

bool is_bounded(const load_report& report) noexcept {
  const auto& servers = report.open_circuits;
  return servers.size() <= most_open_circuits &&
         std::none_of(servers.begin(), servers.end(), is_too_long);
}

load_report bounded(load_report report) {
  auto& servers = report.open_circuits;
  std::erase_if(servers, is_too_long);
  if (servers.size() > most_open_circuits)
    servers.resize(most_open_circuits);
  return report;
}

} // namespace mfo::cluster
