#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace mfo::cluster::test {

/// No beginning of a message may pass for one, and nothing may stand behind it.
template <class Unpack>
void expect_no_part_of_it_to_do(const std::string& whole, Unpack unpack) {
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(unpack(std::string_view{whole}.substr(0, size))) << size;
  EXPECT_FALSE(unpack(whole + '\0'));
}

} // namespace mfo::cluster::test
