#include "cluster/messages/unpacker.hpp"

#include "cluster/messages/packer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace mfo::cluster {

namespace {

constexpr auto greatest = std::numeric_limits<std::uint64_t>::max();

TEST(an_unpacker, reads_what_was_packed_in_the_same_order) {
  const auto bytes = packer{}
                         .number(0)
                         .number(127)
                         .number(128)
                         .number(greatest)
                         .fixed(0x0123'4567'89ab'cdefU)
                         .flag(true)
                         .text("a text")
                         .text("")
                         .take();
  unpacker in(bytes);
  EXPECT_EQ(in.number(), 0u);
  EXPECT_EQ(in.number(), 127u);
  EXPECT_EQ(in.number(), 128u);
  EXPECT_EQ(in.number(), greatest);
  EXPECT_EQ(in.fixed(), 0x0123'4567'89ab'cdefU);
  EXPECT_TRUE(in.flag());
  EXPECT_EQ(in.text(6), "a text");
  EXPECT_EQ(in.text(6), "");
  in.end();
  EXPECT_FALSE(in.failed()) << *in.error();
}

TEST(an_unpacker,
     packs_small_numbers_into_one_byte_and_random_ones_into_eight) {
  EXPECT_EQ(packer{}.number(127).take(), "\x7f");
  EXPECT_EQ(packer{}.number(128).take(), "\x80\x01");
  EXPECT_EQ(packer{}.fixed(1).take(), std::string("\1\0\0\0\0\0\0\0", 8));
}

TEST(an_unpacker, says_where_the_bytes_end_too_early) {
  unpacker number("\x80");
  EXPECT_EQ(number.number(), 0u);
  EXPECT_EQ(number.error(), "ends within a number");

  unpacker fixed("1234567");
  EXPECT_EQ(fixed.fixed(), 0u);
  EXPECT_EQ(fixed.error(), "ends within a number");

  unpacker text("\4abc");
  EXPECT_EQ(text.text(10), "");
  EXPECT_EQ(text.error(), "ends within a text");
}

TEST(an_unpacker, takes_numbers_in_one_form_only) {
  const std::string zero_in_two("\x80\0", 2);
  unpacker longer(zero_in_two);
  EXPECT_EQ(longer.number(), 0u);
  EXPECT_TRUE(longer.failed());

  unpacker beyond("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
  EXPECT_EQ(beyond.number(), 0u);
  EXPECT_TRUE(beyond.failed());
}

TEST(an_unpacker, holds_everything_to_its_bound) {
  const auto three = packer{}.number(3).take();
  EXPECT_EQ(unpacker(three).number(3), 3u);
  unpacker number(three);
  EXPECT_EQ(number.number(2), 0u);
  EXPECT_EQ(number.error(), "has a number that is too large");

  const auto large = packer{}.number(256).take();
  unpacker narrow(large);
  EXPECT_EQ(narrow.narrow<std::uint8_t>(), 0u);
  EXPECT_TRUE(narrow.failed());

  unpacker text("\4abcd");
  EXPECT_EQ(text.text(3), "");
  EXPECT_EQ(text.error(), "has a text that is too long");

  const auto two = packer{}.number(2).take();
  unpacker flag(two);
  EXPECT_FALSE(flag.flag());
  EXPECT_TRUE(flag.failed());
}

TEST(an_unpacker, believes_no_count_that_the_bytes_cannot_hold) {
  unpacker in("\x05"
              "abcd");
  EXPECT_EQ(in.count(100), 0u);
  EXPECT_EQ(in.error(), "has a count that is too large");

  unpacker enough("\4abcd");
  EXPECT_EQ(enough.count(100), 4u);
  unpacker bounded("\4abcd");
  EXPECT_EQ(bounded.count(3), 0u);
}

TEST(an_unpacker, reads_nothing_more_after_a_mistake_and_keeps_the_first) {
  unpacker in("\4ab\7");
  EXPECT_EQ(in.text(10), "");
  EXPECT_EQ(in.number(), 0u);
  EXPECT_EQ(in.fixed(), 0u);
  EXPECT_FALSE(in.flag());
  in.fail("something else");
  in.end();
  EXPECT_EQ(in.error(), "ends within a text");
}

TEST(an_unpacker, sees_what_stands_behind_the_end) {
  unpacker in("ab");
  in.end();
  EXPECT_EQ(in.error(), "goes on behind its end");
}

} // namespace

} // namespace mfo::cluster
