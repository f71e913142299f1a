#include "dead_letters/filter.hpp"

#include "tests/dead_letters/letters.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mfo::dead_letters {
namespace {

TEST(filter, that_asks_for_nothing_takes_all) {
  EXPECT_TRUE(matches({}, letter{}));
  EXPECT_TRUE(matches({}, sample_letter()));
  EXPECT_FALSE(filter{}.picks());
}

TEST(filter, with_a_limit_alone_picks_nothing_in_particular) {
  filter wanted;
  wanted.limit = 3;
  EXPECT_FALSE(wanted.picks());
}

TEST(filter, takes_a_letter_that_has_all_that_is_asked_for) {
  filter wanted;
  wanted.event_id = "1";
  wanted.type = "email.received";
  wanted.endpoint = "orders";
  wanted.server = "default";
  wanted.reason = "upstream_failed";
  EXPECT_TRUE(wanted.picks());
  EXPECT_TRUE(matches(wanted, sample_letter()));
}

TEST(filter, refuses_a_letter_that_lacks_one_of_them) {
  for (const auto member : {&filter::event_id, &filter::type, &filter::endpoint,
                            &filter::server, &filter::reason}) {
    filter wanted;
    wanted.*member = "other";
    EXPECT_TRUE(wanted.picks());
    EXPECT_FALSE(matches(wanted, sample_letter()));
  }
}

TEST(filter, takes_since_in_and_until_out) {
  const auto value = sample_letter();
  filter wanted;
  wanted.since = value.dead_at;
  EXPECT_TRUE(matches(wanted, value));
  wanted.since = value.dead_at + unix_ms{1};
  EXPECT_FALSE(matches(wanted, value));
  wanted = {};
  wanted.until = value.dead_at;
  EXPECT_FALSE(matches(wanted, value));
  wanted.until = value.dead_at + unix_ms{1};
  EXPECT_TRUE(matches(wanted, value));
}

TEST(filter, knows_the_type_by_a_pattern) {
  filter wanted;
  wanted.type = "email.*";
  EXPECT_TRUE(matches(wanted, sample_letter()));
  wanted.type = "chat.*";
  EXPECT_FALSE(matches(wanted, sample_letter()));
}

TEST(glob, stands_for_the_whole_text) {
  EXPECT_TRUE(matches_glob("", ""));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("**", "ab"));
  EXPECT_TRUE(matches_glob("a*", "a"));
  EXPECT_TRUE(matches_glob("*.received", "unipile.email.received"));
  EXPECT_TRUE(matches_glob("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(matches_glob("a?c", "abc"));
  EXPECT_TRUE(matches_glob("*ab", "aab"));
  EXPECT_FALSE(matches_glob("", "a"));
  EXPECT_FALSE(matches_glob("a", ""));
  EXPECT_FALSE(matches_glob("?", ""));
  EXPECT_FALSE(matches_glob("a*", "ba"));
  EXPECT_FALSE(matches_glob("a?c", "ac"));
  EXPECT_FALSE(matches_glob("email.received", "email.received.late"));
}

TEST(glob, takes_no_exponential_time) {
  std::string stars;
  for (int i = 0; i < 50; ++i)
    stars += "a*";
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_FALSE(matches_glob(stars + "b", std::string(20'000, 'a')));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
}

} // namespace
} // namespace mfo::dead_letters
