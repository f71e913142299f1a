#include "payload/handshake.hpp"

#include <gmock/gmock.h>

namespace mfo::payload {

namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::Pair;

config::handshake_settings with(std::vector<std::string> origins,
                                std::uint32_t rate = 0) {
  return {std::move(origins), rate};
}

TEST(handshake, lets_known_senders_in) {
  EXPECT_THAT(
      answer_handshake({.origin = "Events.example.com"},
                       with({"other", "events.example.com"})),
      Optional(ElementsAre(Pair("WebHook-Allowed-Origin", "Events.example.com"),
                           Pair("WebHook-Allowed-Rate", "*"))));
}

TEST(handshake, lets_nobody_else_in) {
  EXPECT_EQ(answer_handshake({.origin = "evil.example.com"},
                             with({"events.example.com"})),
            std::nullopt);
  EXPECT_EQ(answer_handshake({.origin = "any"}, with({})), std::nullopt);
  EXPECT_EQ(answer_handshake({}, with({"*"})), std::nullopt)
      << "who does not say who it is";
}

TEST(handshake, may_let_anybody_in) {
  EXPECT_THAT(answer_handshake({.origin = "any"}, with({"*"})),
              Optional(testing::Contains(Pair("WebHook-Allowed-Origin", "*"))));
}

std::string rate(std::string_view asked, std::uint32_t most) {
  return answer_handshake({.origin = "a", .rate = asked}, with({"a"}, most))
      ->at(1)
      .second;
}

TEST(handshake, grants_the_rate_that_is_asked_for_up_to_ours) {
  EXPECT_EQ(rate("120", 0), "120");
  EXPECT_EQ(rate("120", 60), "60");
  EXPECT_EQ(rate("30", 60), "30");
  EXPECT_EQ(rate("", 60), "60");
  for (const auto* nonsense : {"0", "-1", "x", "1.5", "99999999999"}) {
    EXPECT_EQ(rate(nonsense, 60), "60") << nonsense;
    EXPECT_EQ(rate(nonsense, 0), "*") << nonsense;
  }
}

} // namespace

} // namespace mfo::payload
