#include "http/admin/query.hpp"

#include <gmock/gmock.h>

#include <array>

namespace mfo::http {

namespace {

using testing::HasSubstr;

TEST(fields_of_a_query, have_a_value_or_none) {
  const query_fields fields{{"q", "a"}};
  EXPECT_EQ(value_in(fields, "q"), "a");
  EXPECT_EQ(value_in(fields, "endpoint"), "");
}

TEST(fields_of_a_query, have_one_of_some_words_where_that_is_wanted) {
  constexpr std::array<std::string_view, 2> words{"running", "ended"};
  EXPECT_EQ(*word_in({}, "state", words), "");
  EXPECT_EQ(*word_in({{"state", "ended"}}, "state", words), "ended");
  EXPECT_EQ(word_in({{"state", "end"}}, "state", words).error(),
            "`state` is one of running, ended.");
}

TEST(fields_of_a_query, have_a_limit_within_its_bounds) {
  EXPECT_EQ(*limit_in({}, 100), 100U);
  EXPECT_EQ(*limit_in({{"limit", "10000"}}, 100), 10'000U);
  for (const auto* bad : {"0", "10001", "", "x", "-1"})
    EXPECT_THAT(limit_in({{"limit", bad}}, 100).error(), HasSubstr("1 to"))
        << bad;
}

} // namespace

} // namespace mfo::http
