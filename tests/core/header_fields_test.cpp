#include "core/header_fields.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace mfo::core {

namespace {

using testing::ElementsAre;
using testing::Optional;

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
  fields.for_each([&](std::string_view name, std::string_view value) {
    seen.push_back(std::string{name} + "=" + std::string{value});
  });
  EXPECT_THAT(seen, ElementsAre("ce-a=1", "CE-b=2"));
}

} // namespace

} // namespace mfo::core
