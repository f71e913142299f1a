#include "devserver/header_block.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::devserver {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(header_block, finds_the_first_value_of_a_name) {
  header_block headers;
  headers.add("X-A", "1");
  headers.add("x-a", "2");
  headers.add("X-Empty", "");
  EXPECT_EQ(headers.find("x-a"), "1");
  EXPECT_EQ(headers.find("x-empty"), "");
  EXPECT_EQ(headers.find("1"), "");
}

TEST(header_block, joins_what_is_repeated) {
  header_block headers;
  headers.add("B", "1");
  headers.add("A", "2");
  headers.add("b", "3");
  EXPECT_THAT(headers.joined(), ElementsAre(Pair("b", "1, 3"), Pair("a", "2")));
}

} // namespace
} // namespace mfo::devserver
