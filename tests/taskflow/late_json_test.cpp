#include "taskflow/late_json.hpp"

#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

TEST(late_json, is_none_at_first) {
  EXPECT_EQ(late_json{}.get(), nullptr);
  EXPECT_EQ(late_json{nullptr}.get(), nullptr);
}

TEST(late_json, is_what_it_was_given) {
  const auto value = std::make_shared<const json>(1);
  EXPECT_EQ(late_json{value}.get(), value);
}

TEST(late_json, is_made_once_for_all_copies_and_only_if_asked_for) {
  int made = 0;
  const late_json one{[&] {
    return std::make_shared<const json>(++made);
  }};
  const auto other = one;
  EXPECT_EQ(made, 0);
  EXPECT_EQ(*other.get(), json(1));
  EXPECT_EQ(one.get(), other.get());
  EXPECT_EQ(made, 1);
}

TEST(late_json, may_turn_out_to_be_none) {
  const late_json none{[] {
    return json_ptr{};
  }};
  EXPECT_EQ(none.get(), nullptr);
}

} // namespace

} // namespace mfo::taskflow
