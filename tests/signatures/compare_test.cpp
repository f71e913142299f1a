// That comparisons take the same time whatever they find can't be measured on
// a busy machine; it is held by construction. All of them are made in one
// function, which gives the work to OpenSSL's CRYPTO_memcmp, and no other
// source of this folder compares bytes that were computed from a secret.

#include "signatures/compare.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace mfo::signatures {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(equal_bytes, are_the_same_in_number_and_value) {
  EXPECT_TRUE(equal_bytes(bytes("abc"), bytes("abc")));
  EXPECT_TRUE(equal_bytes({}, {}));
  EXPECT_FALSE(equal_bytes(bytes("abc"), bytes("abd")));
  EXPECT_FALSE(equal_bytes(bytes("abc"), bytes("bbc")));
  EXPECT_FALSE(equal_bytes(bytes("abc"), bytes("ab")));
  EXPECT_FALSE(equal_bytes(bytes("abc"), {}));
}

TEST(secret_set, contains_what_was_added_and_nothing_like_it) {
  secret_set set;
  EXPECT_TRUE(set.empty());
  EXPECT_FALSE(set.contains(""));
  set.add("one");
  set.add("another");
  EXPECT_FALSE(set.empty());
  EXPECT_TRUE(set.contains("one"));
  EXPECT_TRUE(set.contains("another"));
  for (const auto* other : {"", "on", "onee", "One", "anothe"})
    EXPECT_FALSE(set.contains(other)) << other;
  EXPECT_FALSE(set.contains(std::string_view{"one\0", 4}));
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

TEST(comparisons, are_all_made_in_one_place) {
  const std::filesystem::path folder =
      std::filesystem::path(MFO_SOURCE_DIR) / "signatures";
  std::vector<std::string> elsewhere;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().stem() == "compare" ||
        (entry.path().extension() != ".cpp" &&
         entry.path().extension() != ".hpp"))
      continue;
    const auto text = text_of(entry.path());
    for (const auto* word :
         {"memcmp", "std::equal", "strcmp", ".compare(", "mac ==", "== mac",
          "view() ==", "== expected", "reveal() ==", "== secret"})
      if (text.find(word) != std::string::npos)
        elsewhere.push_back(entry.path().filename().string() + ": " + word);
  }
  EXPECT_THAT(elsewhere, IsEmpty());
  EXPECT_THAT(text_of(folder / "compare.cpp"), HasSubstr("CRYPTO_memcmp"));
}

TEST(comparisons, of_macs_and_tokens_try_every_secret) {
  const std::filesystem::path folder =
      std::filesystem::path(MFO_SOURCE_DIR) / "signatures";
  // `found |= …` and `match |= …` go on, where `return true` would not.
  EXPECT_THAT(text_of(folder / "compare.cpp"),
              HasSubstr("found |= equal_bytes"));
  EXPECT_THAT(text_of(folder / "keyed_hash.cpp"),
              HasSubstr("match |= equal_bytes"));
}

} // namespace

} // namespace mfo::signatures
