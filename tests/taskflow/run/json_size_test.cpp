#include "taskflow/run/json_size.hpp"

#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

TEST(json_size, is_that_of_the_text) {
  for (const auto* text :
       {"null", "true", "false", "0", "-12", "18446744073709551615", "1.5",
        R"("")", R"("a\"b\\")", "[]", "{}", "[1]", "[1,[2,3],{}]",
        R"({"a":1,"b":[{"c":"d"},null]})", R"({"\"":"é"})"})
    EXPECT_EQ(json_size(json::parse(text)), std::string_view{text}.size())
        << text;
}

TEST(json_size, takes_the_most_for_control_characters) {
  EXPECT_EQ(json_size("\n"), 8);
}

TEST(json_size, needs_no_stack_for_deep_values) {
  json deep = 1;
  for (int i = 0; i < 10'000; ++i)
    deep = json::array({std::move(deep)});
  EXPECT_EQ(json_size(deep), 20'001);
}

} // namespace

} // namespace mfo::taskflow
