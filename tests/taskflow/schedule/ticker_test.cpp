#include "taskflow/schedule/ticker.hpp"

#include <gmock/gmock.h>

#include <string>
#include <string_view>

namespace mfo::taskflow {

namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

constexpr cron_schedule::time noon =
    sys_days{year{2026} / 11 / 27} + std::chrono::hours{12};

cron_schedule schedule(std::string_view expression) {
  return *cron_schedule::parse(expression);
}

/// "index@seconds after noon".
std::vector<std::string> shown(const std::vector<ticker::tick>& ticks) {
  std::vector<std::string> texts;
  for (const auto& each : ticks)
    texts.push_back(std::to_string(each.schedule) + "@" +
                    std::to_string((each.at - noon).count()));
  return texts;
}

TEST(ticker, fires_each_schedule_at_its_time_and_once) {
  ticker clock{{schedule("* * * * *"), schedule("*/2 * * * *")}, noon};
  EXPECT_THAT(clock.next(), Optional(noon + 1min));
  EXPECT_THAT(clock.advance(noon + 59s), IsEmpty());
  EXPECT_THAT(shown(clock.advance(noon + 60s)), ElementsAre("0@60"));
  EXPECT_THAT(clock.advance(noon + 61s), IsEmpty());
  EXPECT_THAT(shown(clock.advance(noon + 2min)), ElementsAre("0@120", "1@120"));
}

TEST(ticker, does_not_fire_at_the_moment_it_begins) {
  ticker clock{{schedule("0 12 * * *")}, noon};
  EXPECT_THAT(clock.advance(noon), IsEmpty());
  EXPECT_THAT(clock.next(), Optional(noon + 24h));
}

TEST(ticker, passes_over_what_it_has_missed) {
  ticker clock{{schedule("* * * * *")}, noon};
  EXPECT_THAT(shown(clock.advance(noon + 10min + 30s)), ElementsAre("0@600"));
  EXPECT_GE(clock.missed(), 1U);
  EXPECT_THAT(clock.next(), Optional(noon + 11min));
}

TEST(ticker, fires_what_it_notices_a_little_late) {
  ticker clock{{schedule("0 13 * * *")}, noon};
  EXPECT_THAT(shown(clock.advance(noon + 1h + 45s)), ElementsAre("0@3600"));
  EXPECT_EQ(clock.missed(), 0U);
}

TEST(ticker, fires_nothing_twice_when_the_clock_is_put_back) {
  ticker clock{{schedule("* * * * *")}, noon};
  EXPECT_THAT(shown(clock.advance(noon + 1min)), ElementsAre("0@60"));
  EXPECT_THAT(clock.advance(noon - 1h), IsEmpty());
  EXPECT_THAT(clock.advance(noon + 1min), IsEmpty());
  EXPECT_THAT(shown(clock.advance(noon + 2min)), ElementsAre("0@120"));
}

TEST(ticker, goes_by_the_clock_that_was_put_back) {
  ticker clock{{schedule("30 * * * *")}, noon};
  EXPECT_THAT(clock.advance(noon - 2h), IsEmpty());
  EXPECT_THAT(clock.next(), Optional(noon + 30min))
      << "what lies before the start has been seen";
}

TEST(ticker, that_takes_over_fires_what_the_former_one_did_not) {
  ticker former{{schedule("* * * * *")}, noon};
  EXPECT_THAT(shown(former.advance(noon + 1min)), ElementsAre("0@60"));
  ticker next{{schedule("* * * * *")}, noon + 1min};
  EXPECT_THAT(next.advance(noon + 1min), IsEmpty());
  EXPECT_THAT(shown(next.advance(noon + 2min)), ElementsAre("0@120"));
}

TEST(ticker, knows_when_there_is_nothing_to_wait_for) {
  const ticker clock{{}, noon};
  EXPECT_FALSE(clock.next());
}

} // namespace

} // namespace mfo::taskflow
