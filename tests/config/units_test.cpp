#include "config/units.hpp"

#include <gtest/gtest.h>

namespace mfo::config {

namespace {

using namespace std::chrono_literals;

TEST(duration, is_a_number_and_a_unit) {
  EXPECT_EQ(parse_duration("200ms"), 200ms);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("0s"), 0ms);
  EXPECT_EQ(parse_duration("87600h"), 87600h);
}

TEST(duration, may_have_decimals_down_to_a_millisecond) {
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("0.001s"), 1ms);
  EXPECT_EQ(parse_duration("0.1h"), 6min);
  EXPECT_EQ(parse_duration("1.0ms"), 1ms);
  EXPECT_EQ(parse_duration("2.50m"), 150s);
}

TEST(duration, is_nothing_else) {
  for (const auto* text :
       {"",      "10",    "s",    "10 s",   " 10s", "10s ",  "-1s",
        "+1s",   "1.s",   ".5s",  "1.2.3s", "1e3s", "10sec", "10S",
        "1m30s", "0x10s", "1,5s", "inf",    "nan",  "10s\n"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(duration, that_is_too_large_or_too_fine_is_refused) {
  for (const auto* text : {"0.5ms", "0.0001s", "87601h", "999999999999h",
                           "99999999999999999999999999s", "1.0000000001s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(duration, without_a_unit_is_told_the_units) {
  EXPECT_EQ(parse_duration("10").error(),
            "must be a duration: a number with ms, s, m or h");
}

TEST(duration, is_written_in_the_largest_unit_that_divides_it) {
  EXPECT_EQ(format_duration(0ms), "0s");
  EXPECT_EQ(format_duration(1500ms), "1500ms");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(120s), "2m");
  EXPECT_EQ(format_duration(24h), "24h");
}

TEST(size, is_bytes_or_a_number_and_a_unit) {
  EXPECT_EQ(parse_size("0"), 0U);
  EXPECT_EQ(parse_size("4096"), 4096U);
  EXPECT_EQ(parse_size("4096B"), 4096U);
  EXPECT_EQ(parse_size("16KiB"), 16384U);
  EXPECT_EQ(parse_size("1MiB"), 1048576U);
  EXPECT_EQ(parse_size("2GiB"), 2147483648U);
  EXPECT_EQ(parse_size("64kB"), 64000U);
  EXPECT_EQ(parse_size("3MB"), 3000000U);
  EXPECT_EQ(parse_size("1GB"), 1000000000U);
}

TEST(size, may_have_decimals_down_to_a_byte) {
  EXPECT_EQ(parse_size("1.5KiB"), 1536U);
  EXPECT_EQ(parse_size("0.5GiB"), 536870912U);
  EXPECT_EQ(parse_size("1.001kB"), 1001U);
  EXPECT_EQ(parse_size("0.123456789GB"), 123456789U);
}

TEST(size, is_nothing_else) {
  for (const auto* text : {"", "KiB", "1 MiB", "-1", "1K", "1k", "1M", "1mb",
                           "1kib", "1.5", "0.3KiB", "1TiB", "0x10",
                           "18446744073709551616", "99999999999999999GiB"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(size, is_written_in_the_largest_binary_unit_that_divides_it) {
  EXPECT_EQ(format_size(0), "0");
  EXPECT_EQ(format_size(1), "1");
  EXPECT_EQ(format_size(64000), "64000");
  EXPECT_EQ(format_size(16384), "16KiB");
  EXPECT_EQ(format_size(1048576), "1MiB");
  EXPECT_EQ(format_size(1073741824), "1GiB");
}

TEST(integer, is_digits_only) {
  EXPECT_EQ(parse_integer("0"), 0U);
  EXPECT_EQ(parse_integer("18446744073709551615"), 18446744073709551615U);
  for (const auto* text : {"", "-1", "+1", "1.0", "1e3", " 1", "1 ", "0x1",
                           "18446744073709551616", "one"})
    EXPECT_FALSE(parse_integer(text)) << text;
}

TEST(decimal, is_digits_and_perhaps_a_point) {
  EXPECT_EQ(parse_decimal("2"), 2.0);
  EXPECT_EQ(parse_decimal("1.5"), 1.5);
  for (const auto* text : {"", "-1", "1.", ".5", "1e3", "nan", "inf", "1,5"})
    EXPECT_FALSE(parse_decimal(text)) << text;
}

TEST(decimal, reads_as_it_was_written_however_large) {
  for (const auto value : {1e16, 18446744073709551615.0, 1e-7, 1e308})
    EXPECT_EQ(parse_decimal(format_decimal(value)), value);
}

TEST(decimal, is_written_as_short_as_it_can) {
  EXPECT_EQ(format_decimal(2.0), "2");
  EXPECT_EQ(format_decimal(1.5), "1.5");
  EXPECT_EQ(format_decimal(0.1), "0.1");
}

} // namespace

} // namespace mfo::config
