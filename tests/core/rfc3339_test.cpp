#include "core/rfc3339.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

using std::chrono::milliseconds;

TEST(rfc3339, shows_a_moment_in_utc_with_milliseconds) {
  EXPECT_EQ(to_rfc3339(milliseconds{0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(milliseconds{1'763'970'828'001}),
            "2025-11-24T07:53:48.001Z");
  EXPECT_EQ(to_rfc3339(milliseconds{951'782'400'999}),
            "2000-02-29T00:00:00.999Z");
  EXPECT_EQ(to_rfc3339(milliseconds{4'102'444'799'999}),
            "2099-12-31T23:59:59.999Z");
}

TEST(rfc3339, has_four_digits_in_any_year_of_the_standard) {
  using namespace std::chrono;
  using namespace std::chrono_literals;
  const auto at = [](sys_days day) {
    return to_rfc3339(milliseconds{day.time_since_epoch()});
  };
  EXPECT_EQ(at(0y / 1 / 1), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(at(987y / 6 / 5), "0987-06-05T00:00:00.000Z");
  EXPECT_EQ(at(9999y / 12 / 31), "9999-12-31T00:00:00.000Z");
}

TEST(rfc3339, is_put_behind_what_is_there) {
  std::string out{"at "};
  append_rfc3339(out, milliseconds{1});
  EXPECT_EQ(out, "at 1970-01-01T00:00:00.001Z");
}

TEST(rfc3339, goes_back_before_the_epoch) {
  EXPECT_EQ(to_rfc3339(milliseconds{-1}), "1969-12-31T23:59:59.999Z");
}

TEST(rfc3339, reads_back_what_it_shows) {
  for (const auto at :
       {milliseconds{0}, milliseconds{-1}, milliseconds{1'763'970'828'001},
        milliseconds{951'782'400'999}})
    EXPECT_EQ(parse_rfc3339(to_rfc3339(at)), at) << to_rfc3339(at);
}

TEST(rfc3339, reads_what_the_standard_allows) {
  const milliseconds noon{1'763'985'600'000}; // 2025-11-24T12:00:00Z
  EXPECT_EQ(parse_rfc3339("2025-11-24T12:00:00Z"), noon);
  EXPECT_EQ(parse_rfc3339("2025-11-24t12:00:00z"), noon);
  EXPECT_EQ(parse_rfc3339("2025-11-24 12:00:00Z"), noon);
  EXPECT_EQ(parse_rfc3339("2025-11-24T13:30:00+01:30"), noon);
  EXPECT_EQ(parse_rfc3339("2025-11-24T11:00:00-01:00"), noon);
  EXPECT_EQ(parse_rfc3339("2025-11-24T12:00:00.5Z"), noon + milliseconds{500});
  EXPECT_EQ(parse_rfc3339("2025-11-24T12:00:00.0019999Z"),
            noon + milliseconds{1});
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"),
            parse_rfc3339("2017-01-01T00:00:00Z"));
}

TEST(rfc3339, refuses_everything_else) {
  for (const auto* text :
       {"", "2025", "2025-11-24", "2025-11-24T12:00:00", "2025-11-24T12:00Z",
        "2025-02-29T12:00:00Z", "2025-13-01T12:00:00Z", "2025-00-01T12:00:00Z",
        "2025-11-24T24:00:00Z", "2025-11-24T12:60:00Z", "2025-11-24T12:00:61Z",
        "2025-11-24T12:00:00.Z", "2025-11-24T12:00:00Z ",
        " 2025-11-24T12:00:00Z", "2025-11-24T12:00:00+24:00",
        "2025-11-24T12:00:00+01", "2025-11-24T12:00:00+0100",
        "-025-11-24T12:00:00Z", "2025-1a-24T12:00:00Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

} // namespace

} // namespace mfo::core
