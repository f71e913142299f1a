// The checks that ask nobody else: what the configuration says, and what this
// host has.

#include "node/doctor/checks/checks.hpp"
#include "node/doctor/probes/limits_probe.hpp"
#include "node/doctor/probes/port_probe.hpp"
#include "node/doctor/rules/expiry.hpp"
#include "node/doctor/rules/secret_files.hpp"
#include "node/doctor/rules/secrets.hpp"
#include "node/risks.hpp"
#include "node/tls_listeners.hpp"

#include "cluster/certificates/describe.hpp"
#include "config/file.hpp"
#include "config/load.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace mfo::node::doctor {

namespace {

using std::chrono::sys_seconds;

sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::system_clock::now());
}

void add_life(findings& all, const std::string& subject,
              const std::string& file) {
  if (file.empty())
    return;
  // One that cannot be read has been told of.
  if (const auto said = cluster::certificates::describe(file))
    all.push_back(judge_life(subject, "the certificate in " + file,
                             {said->not_before, said->not_after}, now(),
                             "have it renewed; a running node reads it again "
                             "by itself"));
}

/// What stands before the first colon, which is the section.
finding fault_of_file(const key_fault& fault) {
  return failed(fault.key, fault.why,
                "give the file that is meant, which the node's user can read");
}

port_seen look_at(const patient& of, const char* subject,
                  const config::listen_address& address) {
  auto seen = look_at_port(subject, address);
  if (seen.error != EADDRINUSE || !of.running)
    return seen;
  const auto& ids = of.running->ids;
  // Of a node of another user nothing is seen but that it answers.
  seen.by_this_node = seen.users.empty() ||
                      std::ranges::any_of(seen.users, [&](const process& each) {
                        return std::ranges::find(ids, each.id) != ids.end();
                      });
  return seen;
}

} // namespace

findings check_secrets(const patient& of) {
  findings all;
  for (const auto& each : secrets_of(of.settings))
    all.push_back(judge_secret(each));
  if (all.empty())
    all.push_back(left_out("", "the configuration has no secrets"));
  return all;
}

findings check_secret_files(const patient& of) {
  findings all;
  // It has been read once; a pipe cannot be read again.
  const auto text =
      config::read_regular_file(of.config_file, config::max_file_size);
  if (!text)
    return {left_out("", fmt::format("{}: {}", of.config_file, text.error()))};
  const auto document = config::parse_document(*text, of.config_file);
  if (!document)
    return {left_out("", "the configuration cannot be read")};
  for (const auto& each :
       find_secret_places(**document, of.config_file).files) {
    struct stat file {};
    if (::stat(each.path.c_str(), &file) == 0)
      all.push_back(judge_secret_file(each, file.st_mode));
    else
      all.push_back(failed(each.subject,
                           fmt::format("{}: {}", each.path,
                                       std::generic_category().message(errno)),
                           "give the file that is meant"));
  }
  if (all.empty())
    all.push_back(left_out("", "no secret is in a file of this host"));
  return all;
}

findings check_risks(const patient& of) {
  findings all;
  for (const auto& each : find_risks(of.settings, of.settings.admin_listen))
    all.push_back(warning(each.where.empty() ? "" : each.where.front().second,
                          std::string{each.text}, std::string{each.remedy}));
  const auto& settings = of.settings;
  if (!config::is_loopback(settings.listen) && !settings.tls.enabled() &&
      settings.proxies.trusted_proxies.empty())
    all.push_back(
        warning("listen",
                fmt::format("events come to {} in the clear",
                            config::format_listen_address(settings.listen)),
                "give `tls` a certificate, or have a proxy in front that "
                "speaks TLS, and name it in `trusted_proxies`"));
  if (all.empty())
    all.push_back(good("", "nothing lets in more than is usual"));
  return all;
}

findings check_tls(const patient& of) {
  findings all;
  const auto& settings = of.settings;
  for (const auto& each : check_tls_files(settings))
    all.push_back(fault_of_file(each));
  add_life(all, "tls", settings.tls.certificate);
  add_life(all, "admin.tls", settings.admin.tls.certificate);
  for (const auto& each : settings.servers)
    add_life(all, fmt::format("servers.{}.tls", each.name), each.tls.cert_file);
  if (settings.cluster.on() && settings.cluster.tls.on) {
    add_life(all, "cluster.tls", settings.cluster.tls.certificate);
    add_life(all, "cluster.tls", settings.cluster.tls.ca);
  }
  if (all.empty())
    all.push_back(left_out("", "no certificates are configured"));
  return all;
}

findings check_ports(const patient& of) {
  const auto& settings = of.settings;
  std::vector<std::pair<const char*, config::listen_address>> asked{
      {"listen", settings.listen}, {"admin_listen", settings.admin_listen}};
  if (settings.cluster.on())
    asked.emplace_back("cluster.listen", settings.cluster.listen);
  findings all;
  for (const auto& [subject, address] : asked)
    all.push_back(judge_port(look_at(of, subject, address)));
  return all;
}

findings check_limits(const patient& of) {
  const auto wanted = demand_of(of.settings);
  const auto given = read_allowance(of.running && of.running->ids.size() == 1
                                        ? std::optional{of.running->ids.front()}
                                        : std::nullopt);
  return {judge_descriptors(wanted, given), judge_memory(wanted, given)};
}

} // namespace mfo::node::doctor
