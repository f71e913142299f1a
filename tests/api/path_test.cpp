#include "api/path.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

std::string filled(std::string_view value, slashes how = slashes::encoded) {
  const auto path = fill_path("/api/x/{id}", {{"id", value, how}});
  return path ? *path : "refused: " + path.error().message;
}

TEST(path, keeps_the_unreserved_characters_and_encodes_the_rest) {
  EXPECT_EQ(filled("azAZ09-._~"), "/api/x/azAZ09-._~");
  EXPECT_EQ(filled("a b?c#d%2F&=+"), "/api/x/a%20b%3Fc%23d%252F%26%3D%2B");
  EXPECT_EQ(filled("ü\n"), "/api/x/%C3%BC%0A");
  EXPECT_EQ(filled({"\0", 1}), "/api/x/%00");
  EXPECT_EQ(filled("\\"), "/api/x/%5C");
}

TEST(path, encodes_slashes_unless_they_may_stay) {
  EXPECT_EQ(filled("a/b"), "/api/x/a%2Fb");
  EXPECT_EQ(filled("a/b c", slashes::kept), "/api/x/a/b%20c");
}

TEST(path, refuses_steps_in_the_tree) {
  for (const auto* bad :
       {".", "..", "a/..", "../a", "a/./b", "./..", "a\\..", "..\\a"}) {
    EXPECT_EQ(filled(bad).substr(0, 8), "refused:") << bad;
    EXPECT_EQ(filled(bad, slashes::kept).substr(0, 8), "refused:") << bad;
  }
  for (const auto* good : {"...", "..a", ".a", "a.", "a..b", "a/...", "/a"})
    EXPECT_NE(filled(good).substr(0, 8), "refused:") << good;
}

TEST(path, refuses_steps_that_two_values_make_together) {
  EXPECT_THAT(fill_path("/{a}{b}", {{"a", "."}, {"b", "."}}),
              fails_with(api_errc::invalid_request, "a part of a is . or .."));
}

TEST(path, refuses_an_empty_value) {
  EXPECT_THAT(fill_path("/api/{id}", {{"id", ""}}),
              fails_with(api_errc::invalid_request, "id is empty"));
}

TEST(path, fills_each_place_of_a_name) {
  EXPECT_EQ(fill_path("/{a}/x{b}/{a}", {{"a", "1"}, {"b", "2"}}), "/1/x2/1");
}

TEST(path, takes_no_braces_of_a_value_for_its_own) {
  EXPECT_EQ(fill_path("/{a}/{b}", {{"a", "{b}"}, {"b", "2"}}), "/%7Bb%7D/2");
}

TEST(path, names_what_a_template_lacks_or_has_too_much) {
  EXPECT_THAT(fill_path("/api/x", {{"id", "1"}}),
              fails_with(api_errc::invalid_request, "/api/x lacks {id}"));
  for (const auto* bad : {"/{id}/{other}", "/{id}/{", "/{id}/{}"})
    EXPECT_THAT(fill_path(bad, {{"id", "1"}}),
                fails_with(api_errc::invalid_request, "nothing is known for"))
        << bad;
}

TEST(path, bounds_a_target) {
  EXPECT_NE(filled(std::string(max_target - 7, 'x')).substr(0, 8), "refused:");
  EXPECT_EQ(filled(std::string(max_target - 6, 'x')).substr(0, 8), "refused:");
  EXPECT_THAT(with_query("/x", "key", std::string(max_target, ' ')),
              fails_with(api_errc::invalid_request, "longer than 8000"));
}

TEST(query, is_encoded_and_added_to_what_is_there) {
  EXPECT_EQ(with_query("/x", "key", "a&b=c d+/"), "/x?key=a%26b%3Dc%20d%2B%2F");
  EXPECT_EQ(with_query("/x?v=1", "key", "a"), "/x?v=1&key=a");
}

} // namespace
} // namespace mfo::api
