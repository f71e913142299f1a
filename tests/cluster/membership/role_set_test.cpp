#include "cluster/membership/role_set.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

TEST(a_role_set, has_what_was_put_in) {
  constexpr role_set roles{role::intake, role::connector};
  EXPECT_TRUE(roles.has(role::intake));
  EXPECT_FALSE(roles.has(role::runner));
  EXPECT_TRUE(roles.has(role::connector));
  EXPECT_FALSE(roles.empty());
  EXPECT_TRUE(role_set{}.empty());
}

TEST(a_role_set, is_read_from_words) {
  EXPECT_EQ(parse_roles({"runner", "intake"}),
            (role_set{role::intake, role::runner}));
  EXPECT_EQ(parse_roles({"intake", "runner", "connector"}), role_set::all());
}

TEST(a_role_set, is_not_read_from_other_words) {
  EXPECT_EQ(parse_roles({"Intake"}).error(),
            "must be intake, runner or connector");
  EXPECT_EQ(parse_roles({"intake", "intake"}).error(), "must name a role once");
  EXPECT_EQ(parse_roles({}).error(),
            "must name a role: intake, runner or connector");
}

TEST(a_role_set, is_written_in_one_order) {
  EXPECT_EQ(to_string(role_set{role::connector, role::intake}),
            "intake, connector");
  EXPECT_EQ(to_string(role_set{}), "none");
}

TEST(a_role_set, keeps_the_bits_of_newer_versions) {
  const auto roles = role_set::of_bits(0x82);
  EXPECT_EQ(roles.bits(), 0x82);
  EXPECT_EQ(to_string(roles), "runner");
}

} // namespace

} // namespace mfo::cluster
