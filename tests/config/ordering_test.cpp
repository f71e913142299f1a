// Where the ordering key of an endpoint's events is, as a file has it.

#include "config/redact.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::HasSubstr;
using testing::Not;

std::string with_ordering_key(const std::string& key) {
  return "server_url: https://a\nendpoints:\n"
         "  - {id: e, path: /e, signature: {secret: s}, ordering_key: " +
         key + "}\n";
}

ordering_settings ordering_of(const std::string& text) {
  const auto node = must_load(with_ordering_key(text));
  return node.endpoints.empty() ? ordering_settings{}
                                : node.endpoints[0].ordering_key;
}

TEST(an_ordering_key, is_none_unless_told) {
  EXPECT_TRUE(must_load(minimal).endpoints.at(0).ordering_key.empty());
}

TEST(an_ordering_key, is_in_a_header_or_in_the_payload) {
  const auto header = ordering_of("{header: X-Account, max_waiting: 5}");
  EXPECT_EQ(header.header, "X-Account");
  EXPECT_EQ(header.max_waiting, 5u);
  const auto field = ordering_of("{field: /order/id}");
  EXPECT_EQ(field.field, "/order/id");
  EXPECT_EQ(field.max_waiting, 1'000u);
  EXPECT_FALSE(field.empty());
}

TEST(an_ordering_key, is_printed_as_it_is_read) {
  for (const auto* text : {"{field: /order/id}", "{header: X-Account}"}) {
    const auto shown = redacted_yaml(must_load(with_ordering_key(text)));
    EXPECT_THAT(shown, HasSubstr("max_waiting: 1000"));
    EXPECT_EQ(redacted_yaml(must_load(shown)), shown);
  }
  EXPECT_THAT(redacted_yaml(must_load(minimal)),
              Not(HasSubstr("ordering_key")));
}

} // namespace

} // namespace mfo::config
