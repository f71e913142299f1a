#include "config/address.hpp"
#include "config/label_field.hpp"
#include "config/resolve.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

#include <algorithm>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace cluster_key {
constexpr auto listen = "listen";
constexpr auto advertise = "advertise";
constexpr auto seeds = "seeds";
constexpr auto roles = "roles";
constexpr auto heartbeat = "heartbeat";
constexpr auto suspect_after = "suspect_after";
constexpr auto dead_after = "dead_after";
} // namespace cluster_key

/// Late news of a node is a suspicion after so many heartbeats, and the end of
/// it after so many, unless the file says.
constexpr int suspect_heartbeats = 2;
constexpr int dead_heartbeats = 10;

void check_roles(const cluster_settings& cluster, const section_view& view,
                 reader& in) {
  if (!view.sound(cluster_key::roles))
    return;
  const auto& roles = cluster.roles;
  for (auto role = roles.begin(); role != roles.end(); ++role)
    if (std::find(roles.begin(), role, *role) != role)
      in.report(element(view, cluster_key::roles,
                        static_cast<std::size_t>(role - roles.begin()))
                    .self(),
                "the role is given twice");
}

void settle_times(cluster_settings& cluster, const section_view& view,
                  reader& in) {
  if (!view.given(cluster_key::suspect_after))
    cluster.suspect_after = suspect_heartbeats * cluster.heartbeat;
  if (!view.given(cluster_key::dead_after))
    cluster.dead_after = dead_heartbeats * cluster.heartbeat;
  if (!view.sound(cluster_key::heartbeat) ||
      !view.sound(cluster_key::suspect_after))
    return;
  if (cluster.suspect_after < suspect_heartbeats * cluster.heartbeat)
    in.report(view.blame({cluster_key::suspect_after}),
              "suspect_after must be at least two heartbeats",
              "or one that is late is a suspicion");
  if (view.sound(cluster_key::dead_after) &&
      cluster.dead_after <= cluster.suspect_after)
    in.report(view.blame({cluster_key::dead_after, cluster_key::suspect_after}),
              "dead_after must be more than suspect_after",
              view.given(cluster_key::dead_after)
                  ? ""
                  : "it is ten heartbeats unless it is given");
}

/// Seeds without a port listen where this node does.
void complete_seeds(cluster_settings& cluster, const section_view& view,
                    reader& in) {
  if (!view.sound(cluster_key::seeds) || !view.sound(cluster_key::listen))
    return;
  for (std::size_t i = 0; i < cluster.seeds.size(); ++i) {
    auto& port = cluster.seeds[i].port;
    if (port == 0)
      port = cluster.listen.port;
    if (port == 0)
      in.report(element(view, cluster_key::seeds, i).self(), "needs a port",
                "that of listen is the kernel's to pick");
  }
}

/// What is not encrypted stays on this host.
void check_plain(const cluster_settings& cluster, const section_view& view,
                 reader& in) {
  if (cluster.tls.on)
    return;
  const auto check = [&](const listen_address& where, const cursor& at) {
    if (!is_loopback(where))
      in.report(at, "must be on loopback, as cluster.tls is off",
                "use 127.0.0.1, or give cluster.tls certificate, key and ca; "
                "mfo-node cluster init-ca and issue make them");
  };
  if (view.sound(cluster_key::listen))
    check(cluster.listen, view.blame({cluster_key::listen}));
  if (const auto given = view.find(cluster_key::advertise);
      given && view.sound(cluster_key::advertise))
    check(cluster.advertise, *given);
  if (view.sound(cluster_key::seeds))
    for (std::size_t i = 0; i < cluster.seeds.size(); ++i)
      check(cluster.seeds[i], element(view, cluster_key::seeds, i).self());
}

void finish_cluster(cluster_settings& cluster, const section_view& view,
                    reader& in) {
  check_roles(cluster, view, in);
  settle_times(cluster, view, in);
  complete_seeds(cluster, view, in);
  check_plain(cluster, view, in);
  // What is wrong already is in nobody's way.
  if (!view.sound(cluster_key::listen))
    cluster.listen.port = 0;
}

codec<listen_address> peer_address() {
  return {"peer address", "host:port or [::1]:port, perhaps without the port",
          parse_peer_address, format_peer_address};
}

std::vector<field<cluster_settings>> cluster_place_fields() {
  using s = cluster_settings;
  constexpr std::size_t most_seeds = 64;
  return {
      value<s>({.key = "name",
                .help = "The name of the cluster: nodes of another name are "
                        "no peers.",
                .example = "shop",
                .required = true},
               &s::name, text("name", "1 to 64 of a-z, 0-9, _, -", parse_id)),
      value<s>({.key = cluster_key::listen,
                .help = "Where the other nodes connect. For no one else: keep "
                        "it off the internet.",
                .example = "0.0.0.0:7420"},
               &s::listen, address()),
      value<s>({.key = cluster_key::advertise,
                .help = "Where the other nodes reach this one, as it tells "
                        "them; without a port, at that of `listen`.",
                .example = "node-a.example.com:7420",
                .default_text = "`listen`, with the host's name (as "
                                "`hostname` prints it) in place of all "
                                "addresses"},
               &s::advertise, peer_address()),
      value_list<s>({.key = cluster_key::seeds,
                     .help = "Where to look for the cluster; one node that is "
                             "up is enough to find the others. A name may "
                             "stand for many addresses, and is looked up "
                             "again while nodes are missing. Without a port, "
                             "at that of `listen`. The node itself may be "
                             "among them.",
                     .example = "[node-a, node-b, \"10.0.0.3:7420\"]",
                     .default_text = "none: it waits for others to come"},
                    &s::seeds, peer_address(), most_seeds),
  };
}

std::vector<field<cluster_settings>> cluster_work_fields() {
  using s = cluster_settings;
  constexpr std::size_t most_roles = 3;
  return {
      value_list<s>(
          {.key = cluster_key::roles,
           .help = "What the node does for the cluster, each once: `intake` "
                   "takes events in, `runner` runs taskflows, `connector` "
                   "calls the servers, for all nodes.",
           .example = "[intake]",
           .default_text = "[intake, runner, connector]"},
          &s::roles,
          one_of<node_role>({{"intake", node_role::intake},
                             {"runner", node_role::runner},
                             {"connector", node_role::connector}}),
          most_roles),
      labels<s>({.key = "labels",
                 .help = "What else there is to say of the node, for the "
                         "`placement` of endpoints and triggers.",
                 .example = "{region: eu, team: crm}",
                 .default_text = "none"},
                &s::labels, label_owner::this_node),
  };
}

std::vector<field<cluster_settings>> cluster_time_fields() {
  using s = cluster_settings;
  return {
      value<s>({.key = cluster_key::heartbeat,
                .help = "How often a node tells each other one that it is "
                        "alive, and how busy. All nodes of a cluster should "
                        "have the same, and so with the next two.",
                .example = "1s"},
               &s::heartbeat, duration(50ms, 60s)),
      value<s>({.key = cluster_key::suspect_after,
                .help = "A node that is silent for so long gets no new work. "
                        "At least two heartbeats.",
                .example = "3s",
                .default_text = "two heartbeats: `1s`"},
               &s::suspect_after, duration(100ms, 1h)),
      value<s>({.key = cluster_key::dead_after,
                .help = "A node that is silent for so long is dead: what it "
                        "was given is given to others. More than "
                        "`suspect_after`.",
                .example = "10s",
                .default_text = "ten heartbeats: `5s`"},
               &s::dead_after, duration(100ms, 1h)),
      value<s>({.key = "local_threshold",
                .help = "Events that wait here before one goes to another node "
                        "for that alone. A lower number shares sooner; a "
                        "higher one saves the way.",
                .example = "64"},
               &s::local_threshold, integer<std::size_t>(0, most_items)),
  };
}

} // namespace

section<cluster_settings> cluster_table() {
  auto fields = cluster_place_fields();
  for (const auto& group : {cluster_work_fields(), cluster_time_fields()})
    fields.insert(fields.end(), group.begin(), group.end());
  fields.push_back(cluster_tls_field());
  return make_section<cluster_settings>(std::move(fields), finish_cluster);
}

} // namespace mfo::config
