#include "config/node_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mfo::config {

namespace {

TEST(a_node_name, is_made_of_letters_digits_and_three_marks) {
  for (const auto* name : {"a", "7", "node-1", "Node_1.eu", "10.0.0.7"}) {
    EXPECT_TRUE(is_node_name(name)) << name;
    EXPECT_EQ(parse_node_name(name), name);
  }
}

TEST(a_node_name, begins_with_a_letter_or_digit) {
  for (const auto* name : {"-a", ".a", "_a"}) {
    EXPECT_FALSE(is_node_name(name)) << name;
    EXPECT_FALSE(parse_node_name(name)) << name;
  }
}

TEST(a_node_name, holds_nothing_else) {
  for (const auto* name : {"", "a b", "a/b", "a:1", "n\xc3\xb6", "a\n"}) {
    EXPECT_FALSE(is_node_name(name)) << name;
    EXPECT_FALSE(parse_node_name(name)) << name;
  }
}

TEST(a_node_name, has_64_characters_at_most) {
  EXPECT_TRUE(is_node_name(std::string(64, 'a')));
  EXPECT_FALSE(is_node_name(std::string(65, 'a')));
}

static_assert(is_node_name("node-1"));

TEST(a_node_name, can_be_made_of_any_host_name) {
  EXPECT_EQ(to_node_name("Node-1.example_x"), "Node-1.example_x");
  EXPECT_EQ(to_node_name("my host/\xc3\xa4"), "my-host---");
  EXPECT_EQ(to_node_name("_dmz.example"), "dmz.example");
  for (const auto* nothing : {"", "-", "\xc3\xa4"})
    EXPECT_EQ(to_node_name(nothing), "node") << nothing;
  EXPECT_EQ(to_node_name(std::string(255, 'a')), std::string(64, 'a'));
  EXPECT_EQ(to_node_name("-" + std::string(64, 'a')), std::string(64, 'a'));
}

} // namespace

} // namespace mfo::config
