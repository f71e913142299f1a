// The node as a member of a cluster, as a file has it.

#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

const std::string tls_files =
    "tls: {certificate: a.crt, key: a.key, ca: ca.crt}";

/// A file whose cluster has these keys besides its name.
std::string with_cluster(const std::string& keys) {
  return minimal + "cluster: {name: shop, " + keys + "}\n";
}

cluster_settings cluster_of(const std::string& keys) {
  return must_load(with_cluster(keys)).cluster;
}

std::string problems_with(const std::string& keys) {
  return problems_of(with_cluster(keys));
}

TEST(a_node, is_alone_without_a_cluster) {
  EXPECT_FALSE(must_load(minimal).cluster.on());
}

TEST(a_cluster, needs_no_more_than_a_name_and_tls) {
  const auto cluster = cluster_of("tls: off");
  EXPECT_TRUE(cluster.on());
  EXPECT_EQ(cluster.name, "shop");
  EXPECT_EQ(cluster.listen, (listen_address{"127.0.0.1", 7420}));
  EXPECT_EQ(cluster.advertise, cluster.listen);
  EXPECT_THAT(cluster.seeds, IsEmpty());
  EXPECT_THAT(cluster.roles, ElementsAre(node_role::intake, node_role::runner,
                                         node_role::connector));
  EXPECT_THAT(cluster.labels, IsEmpty());
  EXPECT_FALSE(cluster.tls.on);
  EXPECT_EQ(cluster.heartbeat, 500ms);
  EXPECT_EQ(cluster.suspect_after, 1s);
  EXPECT_EQ(cluster.dead_after, 5s);
  EXPECT_EQ(cluster.local_threshold, 16U);
}

TEST(a_cluster, is_missed_where_its_section_is_empty) {
  const auto problems = problems_of(minimal + "cluster:\n");
  EXPECT_THAT(problems, HasSubstr("cluster.name: missing required key"));
  EXPECT_THAT(problems, HasSubstr("cluster.tls: missing required key"));
}

TEST(a_node, is_reached_where_it_listens) {
  EXPECT_EQ(cluster_of("listen: 10.0.0.1:7000, " + tls_files).advertise,
            (listen_address{"10.0.0.1", 7000}));
  EXPECT_EQ(cluster_of("listen: '127.0.0.1:0', tls: off").advertise,
            (listen_address{"127.0.0.1", 0}));
}

TEST(a_node, that_listens_at_all_addresses_is_reached_at_its_host) {
  for (const auto* everywhere : {"0.0.0.0:7000", "':7000'", "'[::]:7000'"})
    EXPECT_EQ(
        cluster_of(std::string{"listen: "} + everywhere + ", " + tls_files)
            .advertise,
        (listen_address{"test-node", 7000}))
        << everywhere;
  // What the node is called is another matter.
  EXPECT_EQ(must_load(with_cluster("listen: ':7000', " + tls_files) +
                      "node_name: other\n")
                .cluster.advertise.host,
            "test-node");
}

TEST(a_node, is_reached_where_it_says) {
  EXPECT_EQ(cluster_of("listen: ':7000', advertise: node-a:8000, " + tls_files)
                .advertise,
            (listen_address{"node-a", 8000}));
  EXPECT_EQ(
      cluster_of("listen: ':7000', advertise: '[2001:db8::1]', " + tls_files)
          .advertise,
      (listen_address{"2001:db8::1", 7000}));
}

TEST(seeds, listen_where_the_node_does_unless_they_say) {
  EXPECT_THAT(cluster_of("listen: ':7000', seeds: [node-b, 'node-c:8000', "
                         "'[2001:db8::1]'], " +
                         tls_files)
                  .seeds,
              ElementsAre(listen_address{"node-b", 7000},
                          listen_address{"node-c", 8000},
                          listen_address{"2001:db8::1", 7000}));
}

TEST(seeds, need_a_port_where_that_of_the_node_is_the_kernels_to_pick) {
  EXPECT_THAT(problems_with("listen: '127.0.0.1:0', tls: off, seeds: "
                            "['127.0.0.1:7421', 127.0.0.1]"),
              HasSubstr("cluster.seeds[1]: needs a port"));
}

TEST(seeds, are_64_at_most) {
  std::string many = "seeds: [a";
  for (int i = 1; i < 64; ++i)
    many += ", a";
  EXPECT_EQ(cluster_of("listen: ':7000', " + tls_files + ", " + many + "]")
                .seeds.size(),
            64U);
  EXPECT_THAT(problems_with(tls_files + ", " + many + ", a]"),
              HasSubstr("cluster.seeds: must be a list of 1 to 64"));
}

TEST(seeds, beyond_this_host_must_have_a_way_to_the_node) {
  EXPECT_THAT(problems_with("seeds: [node-b], " + tls_files),
              HasSubstr("cluster: the node is reached on loopback alone"));
  EXPECT_THAT(
      problems_with("listen: localhost:7420, seeds: [node-b], " + tls_files),
      HasSubstr("cluster.listen: the node is reached on loopback"));
  EXPECT_THAT(problems_with("listen: ':7420', advertise: '127.0.0.1', seeds: "
                            "[node-b], " +
                            tls_files),
              HasSubstr("cluster.advertise: the node is reached on loopback"));
  // Behind a proxy, say.
  EXPECT_EQ(problems_with("advertise: node-a, seeds: [node-b], " + tls_files),
            "");
}

TEST(roles, are_those_that_are_given) {
  EXPECT_THAT(cluster_of("tls: off, roles: [runner]").roles,
              ElementsAre(node_role::runner));
  EXPECT_THAT(problems_with("tls: off, roles: [runner, intake, runner]"),
              HasSubstr("cluster.roles[2]: the role is given twice"));
  EXPECT_THAT(problems_with("tls: off, roles: []"),
              HasSubstr("cluster.roles: must be a list of 1 to 3"));
}

TEST(labels, are_what_the_node_says_of_itself) {
  EXPECT_THAT(cluster_of("tls: off, labels: {team: crm, "
                         "topology.kubernetes.io/zone: eu-1a, tier: 1}")
                  .labels,
              ElementsAre(Pair("team", "crm"), Pair("tier", "1"),
                          Pair("topology.kubernetes.io/zone", "eu-1a")));
}

TEST(labels, are_short_and_few) {
  const std::string longest(64, 'x');
  EXPECT_EQ(
      problems_with("tls: off, labels: {" + longest + ": " + longest + "}"),
      "");
  EXPECT_THAT(problems_with("tls: off, labels: {" + longest + "x: a}"),
              HasSubstr("cluster.labels: a name in it must be 1 to 64"));
  EXPECT_THAT(problems_with("tls: off, labels: {a: x" + longest + "}"),
              HasSubstr("cluster.labels.a: must be 1 to 64"));
  std::string many = "tls: off, labels: {l0: a";
  for (int i = 1; i < 16; ++i)
    many += ", l" + std::to_string(i) + ": a";
  EXPECT_EQ(problems_with(many + "}"), "");
  EXPECT_THAT(problems_with(many + ", l16: a}"),
              HasSubstr("cluster.labels: must be a map of 1 to 16"));
}

TEST(labels, of_a_node_stand_for_themselves) {
  EXPECT_THAT(problems_with("tls: off, labels: {region: $self}"),
              HasSubstr("cluster.labels.region: must be 1 to 64"));
}

TEST(tls_of_a_cluster, is_read_with_its_files_beside_the_configuration) {
  const auto result =
      load_text(with_cluster("tls: {certificate: tls/a.crt, key: /run/a.key, "
                             "ca: ca.crt, names: [node-b, '*.example.com']}"),
                "/etc/mfo/node.yaml", only({}), "test-node");
  ASSERT_TRUE(result) << to_string(result.error());
  const auto& tls = result->cluster.tls;
  EXPECT_TRUE(tls.on);
  EXPECT_EQ(tls.certificate, "/etc/mfo/tls/a.crt");
  EXPECT_EQ(tls.key, "/run/a.key");
  EXPECT_EQ(tls.ca, "/etc/mfo/ca.crt");
  EXPECT_THAT(tls.names, ElementsAre("node-b", "*.example.com"));
}

TEST(tls_of_a_cluster, takes_whom_the_authority_vouches_for_unless_told) {
  EXPECT_THAT(cluster_of(tls_files).tls.names, ElementsAre("*"));
}

TEST(tls_of_a_cluster, is_off_on_loopback_alone) {
  EXPECT_EQ(problems_with("tls: off, listen: '[::1]:7420', advertise: "
                          "localhost, seeds: [127.0.0.2, '[::1]:7421']"),
            "");
  EXPECT_THAT(problems_with("tls: off, listen: ':7420'"),
              HasSubstr("cluster.listen: must be on loopback, as cluster.tls "
                        "is off (use 127.0.0.1, or give cluster.tls"));
  EXPECT_THAT(problems_with("tls: off, advertise: node-a"),
              HasSubstr("cluster.advertise: must be on loopback"));
  EXPECT_THAT(problems_with("tls: off, seeds: [127.0.0.1, node-b]"),
              HasSubstr("cluster.seeds[1]: must be on loopback"));
}

TEST(tls_of_a_cluster, is_written_off_or_whole) {
  EXPECT_THAT(problems_with("tls: false"),
              HasSubstr("cluster.tls: must be a map of certificate, key and "
                        "ca, or off"));
  EXPECT_THAT(problems_with("tls: {certificate: a.crt}"),
              HasSubstr("cluster.tls.ca: missing required key"));
  EXPECT_THAT(problems_with("tls: {certficate: a.crt, key: a.key, ca: a.crt}"),
              HasSubstr("cluster.tls.certficate: unknown key (did you mean "
                        "certificate?)"));
  // Whatever that is, it is not quoted.
  EXPECT_THAT(problems_with("tls: {hunter2: 1}"), Not(HasSubstr("hunter2")));
}

TEST(times_of_a_cluster, follow_the_heartbeat_unless_they_are_given) {
  const auto slow = cluster_of("tls: off, heartbeat: 2s");
  EXPECT_EQ(slow.suspect_after, 4s);
  EXPECT_EQ(slow.dead_after, 20s);
  const auto given = cluster_of("tls: off, suspect_after: 1500ms, "
                                "dead_after: 1501ms");
  EXPECT_EQ(given.suspect_after, 1500ms);
  EXPECT_EQ(given.dead_after, 1501ms);
}

TEST(times_of_a_cluster, make_sense_together) {
  EXPECT_THAT(problems_with("tls: off, suspect_after: 999ms"),
              HasSubstr("suspect_after must be at least two heartbeats"));
  EXPECT_THAT(problems_with("tls: off, suspect_after: 5s"),
              HasSubstr("dead_after must be more than suspect_after (it is ten "
                        "heartbeats unless it is given)"));
  EXPECT_THAT(problems_with("tls: off, dead_after: 1s"),
              HasSubstr("cluster.dead_after: dead_after must be more than "
                        "suspect_after\n"));
}

TEST(the_port_of_a_cluster, is_no_other_listeners) {
  EXPECT_THAT(problems_with("tls: off, listen: '127.0.0.1:8088'"),
              HasSubstr("cluster.listen: cluster.listen and listen must be "
                        "different"));
  EXPECT_THAT(problems_with("listen: ':9090', " + tls_files),
              HasSubstr("cluster.listen and admin_listen must be different"));
  EXPECT_THAT(problems_of(with_cluster("tls: off") + "listen: :7420\n"),
              HasSubstr("cluster: cluster.listen and listen must be "
                        "different"));
  // One problem is told once.
  EXPECT_EQ(
      problems_of(with_cluster("tls: off, listen: x") + "listen: :7420\n"),
      "node.yaml:4:41: cluster.listen: must be host:port, [::1]:port or "
      ":port\n");
}

TEST(a_cluster, is_shown_as_it_loads_again) {
  const std::vector<std::string> all{
      "tls: off, listen: '127.0.0.1:0'",
      "listen: ':7000', seeds: [b, '[::2]:1'], " + tls_files +
          ", labels: {a: 'x$$y', b: '#'}, roles: [intake], heartbeat: 1s",
      "tls: {certificate: a, key: b, ca: c, names: ['*.d', e]}, "
      "local_threshold: 0"};
  for (const auto& keys : all) {
    const auto shown = redacted_yaml(must_load(with_cluster(keys)));
    EXPECT_EQ(redacted_yaml(must_load(shown)), shown);
  }
}

} // namespace

} // namespace mfo::config
