// On which nodes of a cluster the events of an endpoint are run, as a file has
// it.

#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

const std::string in_a_cluster =
    "cluster: {name: shop, tls: off, labels: {region: eu}}\n";

/// A file with an endpoint that is placed so.
std::string with_placement(const std::string& placement,
                           const std::string& rest = in_a_cluster) {
  return "server_url: https://a\n" + rest +
         "endpoints: [{id: a, path: /a, signature: {secret: s}, placement: " +
         placement + "}]\n";
}

placement_settings placement_of(const std::string& text) {
  const auto node = must_load(with_placement(text));
  return node.endpoints.empty() ? placement_settings{}
                                : node.endpoints[0].placement;
}

TEST(a_placement, asks_for_nothing_unless_told) {
  EXPECT_TRUE(must_load(minimal).endpoints.at(0).placement.empty());
  EXPECT_TRUE(placement_of("{}").empty());
}

TEST(a_placement, requires_and_prefers_labels) {
  const auto placement =
      placement_of("{require: {team: crm, tier: 1}, prefer: {region: $self}}");
  EXPECT_FALSE(placement.empty());
  EXPECT_THAT(placement.require,
              ElementsAre(Pair("team", "crm"), Pair("tier", "1")));
  EXPECT_THAT(placement.prefer, ElementsAre(Pair("region", "$self")));
}

TEST(a_placement, means_nothing_for_a_node_that_is_alone) {
  EXPECT_THAT(problems_of(with_placement("{require: {team: crm}}", "")),
              HasSubstr("endpoints[0].placement: means nothing without "
                        "cluster"));
}

TEST(a_placement, knows_no_other_variable) {
  for (const auto* wrong : {"$sefl", "$", "$region"})
    EXPECT_THAT(problems_of(with_placement(
                    "{prefer: {region: " + std::string{wrong} + "}}")),
                HasSubstr("endpoints[0].placement.prefer.region: must be 1 to "
                          "64 visible ASCII characters, the first one not $, "
                          "or $self"));
}

TEST(a_placement, has_16_labels_at_most) {
  std::string many = "{require: {l0: a";
  for (int i = 1; i < 16; ++i)
    many += ", l" + std::to_string(i) + ": a";
  EXPECT_EQ(placement_of(many + "}}").require.size(), 16U);
  EXPECT_THAT(problems_of(with_placement(many + ", l16: a}}")),
              HasSubstr("placement.require: must be a map of 1 to 16"));
}

TEST(a_placement, requires_nothing_of_a_node_that_has_not_the_label_itself) {
  EXPECT_EQ(problems_of(with_placement("{require: {region: $self}}")), "");
  EXPECT_EQ(problems_of(with_placement("{prefer: {team: $self}}")), "");
  EXPECT_THAT(problems_of(with_placement("{require: {team: $self}}")),
              HasSubstr("endpoints[0].placement.require.team: this node has no "
                        "such label"));
}

TEST(a_placement, is_shown_as_it_loads_again) {
  const auto shown = redacted_yaml(must_load(
      with_placement("{require: {team: crm}, prefer: {region: $self}}")));
  EXPECT_THAT(shown, HasSubstr("region: $$self"));
  EXPECT_EQ(redacted_yaml(must_load(shown)), shown);
  EXPECT_THAT(redacted_yaml(must_load(with_placement("{}"))),
              Not(HasSubstr("placement")));
}

} // namespace

} // namespace mfo::config
