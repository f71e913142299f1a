#include "config/diagnostic.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace mfo::config {

namespace {

TEST(diagnostic, reads_place_key_message_hint) {
  EXPECT_EQ(to_string(diagnostic{"a.yaml", 3, 7, "limits.max_body",
                                 "must be a size", "try 1MiB"}),
            "a.yaml:3:7: limits.max_body: must be a size (try 1MiB)");
}

TEST(diagnostic, leaves_out_what_is_empty) {
  EXPECT_EQ(to_string(diagnostic{"a.yaml", 1, 2, "", "not UTF-8", ""}),
            "a.yaml:1:2: not UTF-8");
  EXPECT_EQ(to_string(diagnostic{"a.yaml", 0, 0, "", "cannot be read", ""}),
            "a.yaml: cannot be read");
}

TEST(diagnostics, are_written_a_line_each) {
  const diagnostic problem{"a.yaml", 1, 2, "k", "m", ""};
  EXPECT_EQ(to_string(std::vector{problem, problem}),
            "a.yaml:1:2: k: m\na.yaml:1:2: k: m\n");
  std::ostringstream out;
  out << problem;
  EXPECT_EQ(out.str(), "a.yaml:1:2: k: m");
}

} // namespace

} // namespace mfo::config
