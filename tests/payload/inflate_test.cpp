#include "payload/inflate.hpp"

#include "tests/payload/deflated.hpp"

#include <gtest/gtest.h>

namespace mfo::payload {

namespace {

using core::errc;
using test::deflated;

const std::string text{
    R"({"a":[1,2,3],"b":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})"};

errc error_of(std::string_view body, coding how,
              const inflate_bounds& bounds = {}) {
  const auto result = inflate(body, how, bounds);
  return result ? errc::internal_error : result.error().code;
}

TEST(inflate, takes_gzip_and_both_forms_of_deflate) {
  EXPECT_EQ(inflate(deflated(text, test::gzip), coding::gzip, {}), text);
  EXPECT_EQ(inflate(deflated(text, test::zlib), coding::deflate, {}), text);
  EXPECT_EQ(inflate(deflated(text, test::bare), coding::deflate, {}), text);
}

TEST(inflate, takes_bodies_of_every_size) {
  for (const std::size_t size : {0, 1, 100, 16'383, 16'384, 16'385, 100'000}) {
    const std::string body(size, 'x');
    EXPECT_EQ(
        inflate(deflated(body, test::gzip), coding::gzip, {.max_ratio = 2000}),
        body)
        << size;
  }
}

TEST(inflate, takes_several_gzip_members_in_turn) {
  EXPECT_EQ(inflate(deflated("[1,", test::gzip) + deflated("2]", test::gzip),
                    coding::gzip, {}),
            "[1,2]");
}

TEST(inflate, refuses_what_is_cut_anywhere) {
  for (const auto form : {test::gzip, test::zlib, test::bare}) {
    const auto whole = deflated(text, form);
    const auto how = form == test::gzip ? coding::gzip : coding::deflate;
    for (std::size_t size = 0; size < whole.size(); ++size)
      EXPECT_EQ(error_of(whole.substr(0, size), how), errc::malformed_body)
          << size;
  }
}

TEST(inflate, refuses_what_follows_the_body) {
  EXPECT_EQ(error_of(deflated(text, test::gzip) + "x", coding::gzip),
            errc::malformed_body);
  EXPECT_EQ(error_of(deflated(text, test::zlib) + "x", coding::deflate),
            errc::malformed_body);
}

TEST(inflate, refuses_another_form) {
  EXPECT_EQ(error_of(text, coding::gzip), errc::malformed_body);
  EXPECT_EQ(error_of(deflated(text, test::zlib), coding::gzip),
            errc::malformed_body);
  EXPECT_EQ(error_of(deflated(text, test::gzip), coding::deflate),
            errc::malformed_body);
}

TEST(inflate, refuses_a_body_whose_checksum_is_wrong) {
  auto body = deflated(text, test::gzip);
  body[body.size() - 5] = static_cast<char>(body[body.size() - 5] ^ 1);
  EXPECT_EQ(error_of(body, coding::gzip), errc::malformed_body);
}

TEST(inflate, stops_at_the_largest_body) {
  const inflate_bounds bounds{.max_bytes = 1'000, .max_ratio = 2000};
  EXPECT_TRUE(inflate(deflated(std::string(1'000, 'x'), test::gzip),
                      coding::gzip, bounds));
  EXPECT_EQ(error_of(deflated(std::string(1'001, 'x'), test::gzip),
                     coding::gzip, bounds),
            errc::payload_too_large);
}

TEST(inflate, stops_at_the_largest_ratio_beyond_what_is_small) {
  const inflate_bounds bounds{.max_bytes = 100'000'000, .max_ratio = 10};
  EXPECT_TRUE(inflate(deflated(std::string(ratio_floor, 'x'), test::gzip),
                      coding::gzip, bounds));
  EXPECT_EQ(error_of(deflated(std::string(ratio_floor + 1, 'x'), test::gzip),
                     coding::gzip, bounds),
            errc::payload_too_large);
}

TEST(inflate, does_not_fall_for_a_bomb_of_many_members) {
  std::string bomb;
  const auto member = deflated(std::string(100'000, 'x'), test::gzip);
  for (int i = 0; i < 1'000; ++i)
    bomb += member;
  EXPECT_EQ(
      error_of(bomb, coding::gzip, {.max_bytes = 1'000'000, .max_ratio = 2000}),
      errc::payload_too_large);
}

} // namespace

} // namespace mfo::payload
