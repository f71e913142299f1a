#include "payload/form.hpp"

#include <gtest/gtest.h>

namespace mfo::payload {

namespace {

using core::errc;

TEST(form, is_an_object_of_strings) {
  EXPECT_EQ(form_to_json("b=2&a=x+y%21"), R"({"b":"2","a":"x y!"})");
  EXPECT_EQ(form_to_json("token=x&text="), R"({"token":"x","text":""})");
  EXPECT_EQ(form_to_json(""), "{}");
}

TEST(form, has_an_array_where_a_name_comes_several_times) {
  EXPECT_EQ(form_to_json("a=1&b=2&a=3"), R"({"a":["1","3"],"b":"2"})");
}

TEST(form, escapes_what_json_wants_escaped) {
  EXPECT_EQ(form_to_json("a%22=%0A%00%5C"), R"({"a\"":"\n\u0000\\"})");
}

TEST(form, is_the_json_of_its_payload_alone) {
  EXPECT_EQ(form_to_json("payload=%7B%22a%22%3A+1.0%7D"), R"({"a": 1.0})");
  EXPECT_EQ(form_to_json("payload=%5B1%5D"), "[1]");
  EXPECT_EQ(form_to_json("payload=hello"), R"({"payload":"hello"})");
  EXPECT_EQ(form_to_json("payload=%7B%7D&more=1"),
            R"({"payload":"{}","more":"1"})");
  EXPECT_EQ(form_to_json("payload=%7B%7D&payload=%7B%7D"),
            R"({"payload":["{}","{}"]})");
}

TEST(form, is_refused_when_it_is_not_utf_8) {
  for (const auto* body : {"a=%ff", "%c0%80=1", "a=%ed%a0%80", "a=\xfe"}) {
    const auto result = form_to_json(body);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, errc::malformed_body);
  }
}

TEST(form, has_a_bounded_number_of_fields) {
  std::string body;
  for (std::size_t i = 0; i < max_form_fields; ++i)
    body += "a&";
  EXPECT_TRUE(form_to_json(body));
  const auto result = form_to_json(body + "a");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::too_complex);
}

} // namespace

} // namespace mfo::payload
