#include "core/header_fields.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace mfo::core {

namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::Pair;

TEST(header_fields, are_found_in_any_case) {
  header_fields fields;
  fields.add("X-Signature", "abc");
  fields.add("webhook-id", "1");
  EXPECT_THAT(fields.find("x-signature"), Optional(std::string_view{"abc"}));
  EXPECT_THAT(fields.find("Webhook-Id"), Optional(std::string_view{"1"}));
  EXPECT_EQ(fields.find("webhook"), std::nullopt);
  EXPECT_EQ(fields.find("webhook-id2"), std::nullopt);
}

TEST(header_fields, that_come_twice_are_as_good_as_absent) {
  header_fields fields;
  fields.add("X-Signature", "abc");
  fields.add("x-signature", "abc");
  EXPECT_EQ(fields.find("X-Signature"), std::nullopt);
}

TEST(header_fields, may_be_empty_which_is_not_absent) {
  header_fields fields;
  EXPECT_TRUE(fields.empty());
  fields.add("X-Signature", "");
  EXPECT_FALSE(fields.empty());
  EXPECT_THAT(fields.find("X-Signature"), Optional(std::string_view{""}));
}

TEST(header_fields, keep_their_order) {
  header_fields fields;
  fields.add("ce-a", "1");
  fields.add("CE-b", "2");
  std::vector<std::string> seen;
  for (const auto& [name, value] : fields)
    seen.push_back(std::string{name} + "=" + std::string{value});
  EXPECT_THAT(seen, ElementsAre("ce-a=1", "CE-b=2"));
}

TEST(header_fields, may_be_looked_for_by_the_first_of_a_name) {
  const header_fields fields{{"Retry-After", "1"}, {"retry-after", "2"}};
  EXPECT_EQ(fields.first("RETRY-AFTER"), "1");
  EXPECT_EQ(fields.first("Location"), "");
}

TEST(header_fields, take_the_place_of_all_that_have_their_name) {
  header_fields fields{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  fields.set("a", "4");
  EXPECT_THAT(fields, ElementsAre(Pair("B", "2"), Pair("a", "4")));
  fields.set("C", "5");
  EXPECT_THAT(fields,
              ElementsAre(Pair("B", "2"), Pair("a", "4"), Pair("C", "5")));
}

TEST(header_fields, are_counted_and_compared) {
  const header_fields some{{"A", ""}, {"", "b"}};
  EXPECT_EQ(some.size(), 2U);
  EXPECT_EQ(header_fields{}.size(), 0U);
  EXPECT_EQ(some, (header_fields{{"A", ""}, {"", "b"}}));
  EXPECT_NE(some, (header_fields{{"A", ""}, {"b", ""}}));
}

TEST(header_fields, may_be_longer_than_is_usual) {
  const std::string value(100'000, 'x');
  header_fields fields;
  fields.add("first", value);
  fields.add("second", "");
  EXPECT_THAT(fields, ElementsAre(Pair("first", value), Pair("second", "")));
}

} // namespace

} // namespace mfo::core
