#include "devserver/request.hpp"

#include <gtest/gtest.h>

namespace mfo::devserver {
namespace {

request to(std::string target) {
  request req;
  req.target = std::move(target);
  return req;
}

TEST(request, separates_path_and_query) {
  EXPECT_EQ(to("/a/b?c=1").path(), "/a/b");
  EXPECT_EQ(to("/a").path(), "/a");
  EXPECT_EQ(to("/a?b=%2Fx%20y&c").query("b"), "/x y");
  EXPECT_EQ(to("/a?b=1&c").query("c"), "");
  EXPECT_EQ(to("/a?b=1").query("x"), std::nullopt);
  EXPECT_EQ(to("/a").query("x"), std::nullopt);
}

TEST(request, reads_numbers) {
  EXPECT_EQ(to("/a?n=17").query_number("n", 0), 17u);
  EXPECT_EQ(to("/a").query_number("n", 5), 5u);
  EXPECT_EQ(to("/a?n=-1").query_number("n", 5), std::nullopt);
  EXPECT_EQ(to("/a?n=").query_number("n", 5), std::nullopt);
  EXPECT_EQ(to("/a?n=1x").query_number("n", 5), std::nullopt);
}

TEST(request, decodes_only_what_is_encoded) {
  EXPECT_EQ(percent_decoded("a%2fb%zz%4"), "a/b%zz%4");
  EXPECT_EQ(percent_decoded("%"), "%");
  EXPECT_EQ(percent_decoded("%-1"), "%-1");
}

} // namespace
} // namespace mfo::devserver
