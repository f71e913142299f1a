#include "telemetry/metric_table.hpp"

#include "core/errc.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace mfo::telemetry {

namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(the_metrics_reference, is_current) {
  std::ifstream file{MFO_SOURCE_DIR "/docs/reference/metrics.md"};
  const std::string page{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_EQ(page, metrics_reference_markdown())
      << "write it anew with the program of the target metrics-reference";
}

TEST(the_metrics_reference, has_every_metric_and_every_reason) {
  const auto page = metrics_reference_markdown();
  for (const auto& each : all_metrics)
    EXPECT_THAT(page, HasSubstr("| `" + std::string{each.name} + "` |"));
  for (const auto& each : core::all_errors())
    EXPECT_THAT(page, HasSubstr("| `" + std::string{each.slug} + "` |"));
}

TEST(the_metric_table, has_each_name_once) {
  std::set<std::string_view> names;
  for (const auto& each : all_metrics)
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
}

TEST(the_metric_table, names_metrics_as_prometheus_does) {
  for (const auto& each : all_metrics) {
    const std::string name{each.name};
    EXPECT_THAT(name, AnyOf(StartsWith("mfo_"), StartsWith("process_")));
    EXPECT_EQ(name.ends_with("_total"), each.kind == metric_kind::counter)
        << name;
    EXPECT_TRUE(each.help.ends_with('.')) << name;
  }
}

} // namespace

} // namespace mfo::telemetry
