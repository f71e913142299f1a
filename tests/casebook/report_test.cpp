#include "casebook/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::casebook {

namespace {

using testing::HasSubstr;

case_result bad() {
  return {.file = "a.cases.yaml",
          .line = 7,
          .name = "an <event>",
          .steps = {{},
                    {.mismatches = {{"status", "202", "401: {}"},
                                    {"calls", "1", "2\nPOST /a\nPOST /b"}}}},
          .planned = 2,
          .took = std::chrono::milliseconds{1500}};
}

TEST(a_case, is_good_where_nothing_is_wrong) {
  EXPECT_FALSE(bad().good());
  EXPECT_TRUE((case_result{.steps = {{}}}.good()));
  EXPECT_FALSE((case_result{.steps = {{.trouble = "no answer"}}}.good()));
}

TEST(differences, are_told_with_the_step_and_one_below_the_other) {
  EXPECT_EQ(differences(bad(), 2), "  in step 2\n"
                                   "    status\n"
                                   "      expected 202\n"
                                   "      got      401: {}\n"
                                   "    calls\n"
                                   "      expected 1\n"
                                   "      got      2\n"
                                   "        POST /a\n"
                                   "        POST /b\n");
}

TEST(a_report, is_a_suite_for_each_file) {
  case_result good{.file = "b.cases.yaml", .name = "x", .steps = {{}}};
  const auto xml = junit_xml({bad(), good});
  EXPECT_THAT(xml, HasSubstr("<testsuites name=\"mfo-node test\" tests=\"2\" "
                             "failures=\"1\">"));
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"a.cases.yaml\" tests=\"1\" "
                             "failures=\"1\" errors=\"0\" time=\"1.500\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"a.cases.yaml\" name=\"an "
                             "&lt;event&gt;\" time=\"1.500\">"));
  EXPECT_THAT(
      xml,
      HasSubstr("<failure message=\"status: expected 202, got 401: {}\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"b.cases.yaml\" name=\"x\" "
                             "time=\"0.000\"/>"));
}

TEST(a_report, has_nothing_that_xml_cannot_hold) {
  auto odd = bad();
  odd.name = "\x01";
  EXPECT_THAT(junit_xml({odd}), HasSubstr("name=\"?\""));
}

} // namespace

} // namespace mfo::casebook
