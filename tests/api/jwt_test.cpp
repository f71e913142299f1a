#include "api/jwt.hpp"

#include "tests/api/tokens.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const auto issued =
    std::chrono::system_clock::time_point{seconds{1'800'000'000}};

TEST(jwt, is_good_until_its_exp) {
  EXPECT_EQ(jwt_lifetime(jwt(R"({"sub":"ada","exp":1800003600})"), issued),
            seconds{3600});
  EXPECT_EQ(jwt_lifetime(jwt(R"({"exp":1800000000.5})"), issued),
            milliseconds{500});
}

TEST(jwt, has_a_payload_of_any_length) {
  for (const auto* name : {"", "a", "ab", "abc", "?~?~", "\xc3\xbf\xc3\xbf"})
    EXPECT_EQ(jwt_lifetime(jwt(std::string{R"({"exp":1800000060,"sub":")"} +
                               name + "\"}"),
                           issued),
              seconds{60})
        << name;
}

TEST(jwt, says_nothing_where_its_exp_makes_no_sense) {
  for (const auto* payload :
       {"{}", R"({"exp":null})", R"({"exp":"1800003600"})", R"({"exp":-1})",
        R"({"exp":1800000000})", R"({"exp":1799999999})", R"({"exp":1e300})",
        R"({"exp":18446744073709551615})", "[]", "7", "null", ""})
    EXPECT_EQ(jwt_lifetime(jwt(payload), issued), std::nullopt) << payload;
}

TEST(jwt, says_nothing_of_other_tokens) {
  const auto good = jwt(R"({"exp":1800003600})");
  for (const std::string& token :
       {std::string{}, std::string{"opaque"}, std::string{"a.b"},
        std::string{"a.b.c"}, std::string{".."}, std::string{"a.%%%%.c"},
        good.substr(0, good.rfind('.')),
        jwt(std::string(100'000, '[') + std::string(100'000, ']'))})
    EXPECT_EQ(jwt_lifetime(token, issued), std::nullopt) << token.substr(0, 40);
}

} // namespace
} // namespace mfo::api
