#include "node/dependencies.hpp"

#include "http/client_errc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::node {

namespace {

using clock = dependency_watch::clock;
using http::dependency;

dependency server_dependency(const server_link& server) {
  const auto health = server.deps->health->look();
  auto check = check_server(server);
  return {.kind = "server",
          .name = server.settings().name,
          // A circuit stays open until there is a call, however well it is.
          .up = check.ok || (health.answers_again && !health.gone),
          .detail = std::move(check.detail),
          .last_success = health.last_success,
          .latency = health.last_took,
          .certificate_end = server.deps->client->stats().certificate_end};
}

dependency sink_dependency(const dead_letters::sink_state& sink) {
  return {.kind = "sink",
          .name = sink.name,
          .up = sink.up,
          .detail = sink.last_error,
          .last_success = sink.last_success,
          .latency = sink.last_took,
          .certificate_end = sink.certificate_end};
}

dependency collector_dependency(const collector& spans) {
  const auto health = spans.health->look();
  return {.kind = "collector",
          .name = "tracing",
          .up = health.consecutive_failures == 0,
          .detail = health.last_error,
          .last_success = health.last_success,
          .latency = health.last_took,
          .certificate_end = spans.client->stats().certificate_end};
}

/// Those of the last view, with what their links know.
void add_peers(const cluster_seat& seat, std::vector<dependency>& to) {
  const auto members = seat.report().members();
  if (!members)
    return;
  std::map<cluster::link_id, cluster::link_info> links;
  for (auto& each : seat.links().links())
    links.emplace(each.link, std::move(each));
  std::map<std::string, cluster::link_id> by_name;
  for (const auto& each : seat.report().peers())
    by_name.emplace(each.name, each.link);
  for (const auto& each : members->members()) {
    if (&each == &members->oneself() ||
        each.state == cluster::member_state::left)
      continue;
    auto& peer = to.emplace_back();
    peer.kind = "peer";
    peer.name = each.card->name;
    peer.up = each.is_reachable();
    peer.detail = fmt::format("{}, {}", cluster::to_string(each.state),
                              each.linked ? "linked" : "no link");
    peer.last_success = each.last_heard;
    const auto number = by_name.find(peer.name);
    if (number == by_name.end())
      continue;
    if (const auto link = links.find(number->second); link != links.end()) {
      peer.latency = link->second.round_trip;
      peer.certificate_end = link->second.certificate_end;
    }
  }
}

/// A request that changes nothing and needs no rights: whatever is answered, it
/// is there.
http::client_request probe_request(const config::server_settings& server) {
  http::client_request request;
  request.method = "HEAD";
  request.target = "/";
  request.timeout = server.request_timeout;
  return request;
}

} // namespace

std::vector<dependency> dependencies(const status_parts& parts) {
  std::vector<dependency> all;
  for (const auto& each : parts.in_force->servers)
    all.push_back(server_dependency(each));
  if (const auto& office = parts.in_force->letters->office)
    for (const auto& each : office->sinks())
      all.push_back(sink_dependency(each));
  if (const auto& spans = parts.in_force->spans; spans.client)
    all.push_back(collector_dependency(spans));
  if (parts.cluster != nullptr)
    add_peers(*parts.cluster, all);
  return all;
}

void dependency_watch::look(const status_parts& parts, clock::time_point now) {
  probe_servers(parts.in_force->servers, now);
  tell_changes(dependencies(parts));
}

void dependency_watch::probe_servers(const std::vector<server_link>& servers,
                                     clock::time_point now) {
  std::erase_if(probes_, [&](const auto& known) {
    return std::ranges::none_of(servers, [&](const auto& each) {
      return each.settings().name == known.first;
    });
  });
  for (const auto& each : servers) {
    const auto every = each.settings().probe_interval;
    const auto heard = each.deps->health->look().last_heard;
    // At the start it is given its time, too.
    auto& probed = probes_.try_emplace(each.settings().name, now).first->second;
    if (every.count() == 0 ||
        now - std::max(heard.value_or(probed), probed) < every)
      continue;
    probed = now;
    each.deps->client->send(
        probe_request(each.settings()),
        [health = each.deps->health, now](const http::client_result& result) {
          const auto end = clock::now();
          if (result)
            health->reached(end, end - now);
          else
            health->not_reached(
                end, fmt::format("{}: {}",
                                 make_error_code(result.error().code).message(),
                                 result.error().detail));
        });
  }
}

void dependency_watch::tell_changes(const std::vector<dependency>& all) {
  decltype(known_) found;
  for (const auto& each : all) {
    const std::pair key{each.kind, each.name};
    found.emplace(key, each.up);
    const auto before = known_.find(key);
    const bool was_up = before == known_.end() || before->second;
    if (each.up == was_up)
      continue;
    if (each.up)
      log_->info("dependency up again",
                 {{"kind", each.kind}, {"name", each.name}});
    else
      log_->warn(
          "dependency down",
          {{"kind", each.kind}, {"name", each.name}, {"detail", each.detail}});
  }
  known_ = std::move(found);
}

} // namespace mfo::node
