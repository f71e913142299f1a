#include "node/tls_listeners.hpp"

#include "cluster/transport/transport.hpp"
#include "http/beast_tls.hpp"
#include "http/tls_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace mfo::node {

namespace {

constexpr auto events_section = "tls";
constexpr auto admin_section = "admin.tls";
constexpr auto cluster_section = "cluster.tls";

using opened_tls =
    tl::expected<std::shared_ptr<http::listener_tls>, std::vector<key_fault>>;

void add(std::vector<key_fault>& all, const std::string& section,
         const std::vector<std::string>& faults) {
  for (const auto& fault : faults)
    all.push_back({section, fault});
}

opened_tls open_one(const config::listener_tls_settings& settings,
                    const char* section, const char* listener,
                    const telemetry::observer& observer) {
  if (!settings.enabled())
    return nullptr;
  auto opened = http::listener_tls::open(settings, listener, observer);
  if (opened)
    return *std::move(opened);
  // That is the first; but whoever mends it wants to know of the others.
  std::vector<key_fault> faults;
  add(faults, section, http::find_file_faults(settings));
  if (faults.empty())
    faults.push_back({section, std::move(opened.error())});
  return tl::unexpected{std::move(faults)};
}

/// What is as it was goes on as it is.
opened_tls open_again(const std::shared_ptr<http::listener_tls>& former,
                      const config::listener_tls_settings& before,
                      const config::listener_tls_settings& settings,
                      const char* section, const char* listener,
                      const telemetry::observer& observer) {
  if (before != settings)
    return open_one(settings, section, listener, observer);
  if (!former || former->reload())
    return former;
  std::vector<key_fault> faults;
  add(faults, section, http::find_file_faults(settings));
  if (faults.empty())
    faults.push_back({section, "the files are not good; the log says why"});
  return tl::unexpected{std::move(faults)};
}

tl::expected<tls_listeners, std::vector<key_fault>> both(opened_tls events,
                                                         opened_tls admin) {
  if (events && admin)
    return tls_listeners{*std::move(events), *std::move(admin)};
  std::vector<key_fault> faults;
  for (auto* each : {&events, &admin})
    if (!*each)
      std::ranges::move(each->error(), std::back_inserter(faults));
  return tl::unexpected{std::move(faults)};
}

/// Checked as those of a listener that requires certificates; and the
/// certificate must be this node's.
std::vector<std::string>
find_cluster_file_faults(const config::settings& settings) {
  const auto& cluster = settings.cluster;
  if (!cluster.on() || !cluster.tls.on)
    return {};
  auto faults = http::find_file_faults(config::listener_tls_settings{
      .certificate = cluster.tls.certificate,
      .key = cluster.tls.key,
      .client_ca = cluster.tls.ca,
      .client_auth = config::client_auth_mode::require});
  if (!faults.empty())
    return faults;
  if (auto why = cluster::transport::find_file_fault(
          {.certificate = cluster.tls.certificate,
           .key = cluster.tls.key,
           .ca = cluster.tls.ca,
           .name = settings.node_name}))
    faults.push_back(*std::move(why));
  return faults;
}

} // namespace

tl::expected<tls_listeners, std::vector<key_fault>>
tls_listeners::open(const config::settings& settings,
                    const telemetry::observer& observer) {
  return both(open_one(settings.tls, events_section, "events", observer),
              open_one(settings.admin.tls, admin_section, "admin", observer));
}

tl::expected<tls_listeners, std::vector<key_fault>>
tls_listeners::open_next(const config::settings& before,
                         const config::settings& settings,
                         const telemetry::observer& observer) const {
  return both(open_again(events, before.tls, settings.tls, events_section,
                         "events", observer),
              open_again(admin, before.admin.tls, settings.admin.tls,
                         admin_section, "admin", observer));
}

void tls_listeners::reload() const {
  for (const auto& each : {events, admin})
    if (each)
      each->reload();
}

void tls_listeners::reload_changed() const {
  for (const auto& each : {events, admin})
    if (each)
      each->reload_changed();
}

std::vector<key_fault> check_tls_files(const config::settings& settings) {
  std::vector<key_fault> faults;
  for (const auto& [section, tls] :
       {std::pair{events_section, settings.tls},
        std::pair{admin_section, settings.admin.tls}})
    if (tls.enabled())
      add(faults, section, http::find_file_faults(tls));
  for (const auto& server : settings.servers)
    add(faults, fmt::format("servers.{}.tls", server.name),
        http::find_file_faults(server.tls));
  add(faults, cluster_section, find_cluster_file_faults(settings));
  return faults;
}

} // namespace mfo::node
