#include "core/form.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace mfo::core {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> fields_of(std::string_view text) {
  std::vector<std::string> found;
  for_each_form_field(text, [&](auto name, auto value) {
    found.push_back(decode_form_text(name) + "=" + decode_form_text(value));
  });
  return found;
}

TEST(form, has_fields_between_ampersands) {
  EXPECT_THAT(fields_of("a=1&b=2"), ElementsAre("a=1", "b=2"));
  EXPECT_THAT(fields_of("&&a=1&"), ElementsAre("a=1"));
  EXPECT_THAT(fields_of("a&=1&b="), ElementsAre("a=", "=1", "b="));
  EXPECT_THAT(fields_of("a=1=2"), ElementsAre("a=1=2"));
  EXPECT_THAT(fields_of(""), IsEmpty());
}

TEST(form_text, has_its_escapes_decoded_and_the_rest_left_alone) {
  EXPECT_EQ(decode_form_text("a+b%20c%2B"), "a b c+");
  EXPECT_EQ(decode_form_text("%e2%82%AC"), "\xe2\x82\xac");
  EXPECT_EQ(decode_form_text("%"), "%");
  EXPECT_EQ(decode_form_text("%4"), "%4");
  EXPECT_EQ(decode_form_text("%zz%41"), "%zzA");
  EXPECT_EQ(decode_form_text("%%41"), "%A");
}

} // namespace

} // namespace mfo::core
