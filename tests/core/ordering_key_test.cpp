#include "core/ordering_key.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mfo::core {

namespace {

TEST(an_ordering_key, is_what_the_sender_gave) {
  EXPECT_EQ(ordering_key_of("order-17"), "order-17");
  EXPECT_EQ(ordering_key_of(""), "");
  const std::string longest(longest_ordering_key, 'k');
  EXPECT_EQ(ordering_key_of(longest), longest);
}

TEST(an_ordering_key, that_is_too_long_stands_for_itself_by_its_hash) {
  const std::string one(longest_ordering_key + 1, 'k');
  EXPECT_EQ(ordering_key_of(one).size(), 7u + 64u);
  EXPECT_EQ(ordering_key_of(one), ordering_key_of(one));
  EXPECT_NE(ordering_key_of(one), ordering_key_of(one + 'k'));
  // printf 'k%.0s' {1..257} | sha256sum
  EXPECT_EQ(ordering_key_of(one),
            "sha256:"
            "a5de0e3c93b4322bf1d2e6cc13119219d665142374de7f2b06bae237759c73e2");
}

TEST(an_ordering_key, is_found_in_the_payload) {
  const auto key = [](std::string_view value) {
    return ordering_key_in(R"({"order":{"id":)" + std::string{value} + "}}",
                           "/order/id");
  };
  EXPECT_EQ(key(R"("a-1")"), "a-1");
  EXPECT_EQ(key(R"("\u0061")"), "a");
  EXPECT_EQ(key("17"), "17");
  EXPECT_EQ(key("1.50"), "1.50");
  EXPECT_EQ(key("true"), "true");
}

TEST(an_ordering_key, is_none_where_there_is_nothing_that_could_be_one) {
  for (const auto* payload :
       {"{}", R"({"id":null})", R"({"id":""})", R"({"id":{"a":1}})",
        R"({"id":[1]})", R"({"id":"\ud800"})", "[]", "17"})
    EXPECT_EQ(ordering_key_in(payload, "/id"), "") << payload;
}

TEST(a_lane, is_that_of_an_endpoint_and_a_key) {
  const auto event_at = [](const std::string& endpoint, std::string key) {
    auto settings = std::make_shared<config::endpoint_settings>();
    settings->id = endpoint;
    event ev;
    ev.endpoint = settings;
    ev.ordering_key = std::move(key);
    return ev;
  };
  EXPECT_EQ(lane_of(event_at("a", "k")), lane_of(event_at("a", "k")));
  EXPECT_NE(lane_of(event_at("a", "k")), lane_of(event_at("a", "l")));
  EXPECT_NE(lane_of(event_at("a", "k")), lane_of(event_at("b", "k")));
  EXPECT_TRUE(is_ordered(event_at("a", "k")));
  EXPECT_FALSE(is_ordered(event_at("a", "")));
}

} // namespace

} // namespace mfo::core
