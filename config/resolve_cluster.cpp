#include "config/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mfo::config {

namespace {

/// Of a key of the section, where it is given; else of the section.
cursor in_cluster(const section_view& view,
                  std::initializer_list<std::string_view> keys) {
  return section_view(*view.find(key::cluster), view.keys()).blame(keys);
}

void check_cluster_port(const settings& values, const section_view& view,
                        reader& in) {
  const auto check = [&](std::string_view key, const listen_address& other) {
    if (view.sound(key) && overlap(values.cluster.listen, other))
      in.report(in_cluster(view, {"listen"}),
                fmt::format("cluster.listen and {} must be different", key));
  };
  check(key::listen, values.listen);
  check(key::admin_listen, values.admin_listen);
}

void complete_advertise(cluster_settings& cluster,
                        const std::string& host_name) {
  auto& [host, port] = cluster.advertise;
  if (host.empty())
    host = is_any_address(cluster.listen) ? host_name : cluster.listen.host;
  if (port == 0)
    port = cluster.listen.port;
}

/// Peers on other hosts that are told of 127.0.0.1 would call on themselves.
void check_reach(const cluster_settings& cluster, const section_view& view,
                 reader& in) {
  if (is_loopback(cluster.advertise) &&
      !std::ranges::all_of(cluster.seeds, is_loopback))
    in.report(
        in_cluster(view, {"advertise", "listen"}),
        "the node is reached on loopback alone, and there are seeds on "
        "other hosts",
        "listen on 0.0.0.0:7420, or advertise an address that they reach");
}

/// `at` is that of the placement.
void check_own_labels(const placement_settings& placement,
                      const node_labels& own, const cursor& at, reader& in) {
  for (const auto& label : labels_nobody_has(placement, own))
    in.report(key_of(key_of(at, "require"), label),
              "this node has no such label that $self could stand for",
              "cluster.labels are those of this node");
}

void check_placements(const settings& values, const section_view& view,
                      reader& in) {
  for (std::size_t i = 0; i < values.endpoints.size(); ++i) {
    const auto given = element(view, key::endpoints, i).find("placement");
    if (given && !view.given(key::cluster))
      in.report(given->key_where, given->path, "means nothing without cluster");
    else if (given && view.sound(key::cluster))
      check_own_labels(values.endpoints[i].placement, values.cluster.labels,
                       *given, in);
  }
}

void check_copies(const settings& values, const section_view& view,
                  reader& in) {
  for (std::size_t i = 0; i < values.endpoints.size(); ++i)
    if (values.endpoints[i].ack == ack_mode::replicated &&
        !view.given(key::cluster))
      in.report(element(view, key::endpoints, i).blame({"ack"}),
                "replicated needs cluster",
                "other nodes hold the copies; received does without them");
}

} // namespace

std::vector<std::string> labels_nobody_has(const placement_settings& placement,
                                           const node_labels& own) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : placement.require)
    if (value == value_of_self && !own.contains(key))
      keys.push_back(key);
  return keys;
}

void resolve_cluster(file_content& file, const section_view& view, reader& in) {
  auto& values = file.effective;
  check_placements(values, view, in);
  check_copies(values, view, in);
  if (!view.given(key::cluster))
    return;
  check_cluster_port(values, view, in);
  complete_advertise(values.cluster, file.host_name);
  if (view.sound(key::cluster))
    check_reach(values.cluster, view, in);
}

} // namespace mfo::config
