#include "core/text_encoding.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace mfo::core {

namespace {

decoded_bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

/// RFC 4648, section 10.
constexpr std::pair<std::string_view, std::string_view> base64_vectors[]{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(base64, agrees_with_rfc_4648) {
  for (const auto& [plain, coded] : base64_vectors) {
    EXPECT_EQ(encode_base64(bytes_of(plain)), coded);
    EXPECT_EQ(decode_base64(coded), bytes_of(plain)) << coded;
  }
}

TEST(base64, comes_back_as_it_was) {
  decoded_bytes all;
  for (int i = 0; i < 256; ++i) {
    all.push_back(static_cast<std::uint8_t>(i));
    EXPECT_EQ(decode_base64(encode_base64(all)), all);
  }
}

TEST(base64, is_strict) {
  for (const std::string_view bad :
       {"Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", " Zm9v", "Zm 9", "Zm=v",
        "Zg==Zg==", "Zm9-", "Zm9_", "Zm9\xc3"})
    EXPECT_EQ(decode_base64(bad), std::nullopt) << bad;
}

TEST(hex, agrees_with_rfc_4648) {
  EXPECT_EQ(encode_hex(bytes_of("foobar")), "666f6f626172");
  EXPECT_EQ(decode_hex("666F6f626172"), bytes_of("foobar"));
  EXPECT_EQ(decode_hex(""), bytes_of(""));
}

TEST(hex, comes_back_as_it_was) {
  decoded_bytes all;
  for (int i = 0; i < 256; ++i) {
    all.push_back(static_cast<std::uint8_t>(i));
    EXPECT_EQ(decode_hex(encode_hex(all)), all);
  }
}

TEST(hex, is_strict) {
  for (const std::string_view bad :
       {"6", "666", "6g", "g6", " 66", "66 ", "0x66", "-1", "6\n"})
    EXPECT_EQ(decode_hex(bad), std::nullopt) << bad;
}

} // namespace

} // namespace mfo::core
