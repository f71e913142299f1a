#include "cluster/membership/load_report.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

TEST(a_load_report, has_32_open_circuits_at_most) {
  load_report report;
  report.open_circuits.assign(32, "crm");
  EXPECT_TRUE(is_bounded(report));
  report.open_circuits.emplace_back("one more");
  EXPECT_FALSE(is_bounded(report));
  EXPECT_EQ(bounded(report).open_circuits, std::vector<std::string>(32, "crm"));
}

TEST(a_load_report, names_servers_by_64_characters_at_most) {
  load_report report;
  report.open_circuits = {"a", std::string(65, 'b'), std::string(64, 'c')};
  EXPECT_FALSE(is_bounded(report));
  EXPECT_EQ(bounded(report).open_circuits,
            (std::vector<std::string>{"a", std::string(64, 'c')}));
}

TEST(a_load_report, within_bounds_stays_as_it_is) {
  const load_report report{.queue_depth = 3,
                           .in_flight = 2,
                           .max_in_flight = 8,
                           .draining = true,
                           .open_circuits = {"crm"}};
  EXPECT_EQ(bounded(report), report);
}

} // namespace

} // namespace mfo::cluster
