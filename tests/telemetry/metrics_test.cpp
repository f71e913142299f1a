#include "telemetry/metrics.hpp"

#include "telemetry/metric_table.hpp"
#include "telemetry/version.hpp"

#include <gmock/gmock.h>

#include <array>
#include <set>
#include <sstream>
#include <string>

namespace mfo::telemetry {

namespace {

using testing::HasSubstr;

/// What the node adds to the metrics at its start, see node/.
const std::set<std::string_view> of_the_node{
    "mfo_bytes_in_flight",
    "mfo_config_generation",
    "mfo_config_generations_in_use",
    "mfo_heap_allocated_bytes",
    "mfo_heap_resident_bytes",
    "mfo_events_waiting_in_order",
    "mfo_upstream_circuit_state",
    "mfo_upstream_calls_in_flight",
    "mfo_upstream_calls_in_flight_"
    "limit",
    "mfo_upstream_calls_waiting",
    "mfo_upstream_connections",
    "mfo_dead_letters_written_total",
    "mfo_dead_letter_failures_total",
    "mfo_dependency_up",
    "mfo_dependency_last_success_timestamp_seconds",
    "mfo_dependency_latency_seconds",
    "mfo_dependency_certificate_expiry_timestamp_seconds",
    "mfo_source_last_event_timestamp_seconds",
    "mfo_source_silence_bound_seconds",
    "mfo_source_silent",
    "mfo_dead_letters_waiting",
    "mfo_http_connections",
    "mfo_http_connections_dropped_"
    "total",
    "mfo_http_accept_failures_total",
    "mfo_http_requests_cut_off_total",
    "mfo_log_lines_dropped_total",
    "mfo_subscription_active",
    "mfo_taskflow_runs_in_progress",
    "mfo_taskflow_calls_in_progress",
    "mfo_http_calls_in_flight",
    "mfo_http_calls_waiting"};

std::string_view type_of(metric_kind kind) {
  return kind == metric_kind::counter ? "counter"
         : kind == metric_kind::gauge ? "gauge"
                                      : "histogram";
}

struct the_metrics : testing::Test {
  /// The value of the line that begins so; "": there is none.
  std::string value(const std::string& series) const {
    std::istringstream lines{node.expose()};
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(series + " "))
        return line.substr(series.size() + 1);
    return "";
  }

  metrics node{{"orders", "invoices"}, {{"default"}, {"event"}}};
};

TEST_F(the_metrics, have_everything_of_the_table_with_its_type_and_help) {
  // Calls are counted from the first one on.
  node.upstream().tried(0, 0, try_result::success, metrics::seconds{1}, true);
  node.upstream().refused(0, core::errc::saturated);
  // A listener that speaks plain HTTP has no numbers of TLS.
  node.tls().add("events");
  // Nor has a node without workflows any of them.
  constexpr std::array<std::string_view, 1> outcomes{"Succeeded"};
  node.taskflows().add_flow("mail", "main", outcomes);
  node.taskflows().add_task_type("set", outcomes);
  node.taskflows().add_trigger("mail", "hook");
  const auto page = node.expose();
  for (const auto& each : all_metrics) {
    // Nor has one that is alone anything of a cluster.
    if (of_the_node.contains(each.name) ||
        each.name.starts_with("mfo_cluster_"))
      continue;
    const std::string name{each.name};
    EXPECT_THAT(page, HasSubstr("# TYPE " + name + " " +
                                std::string{type_of(each.kind)} + "\n"));
    EXPECT_THAT(page, HasSubstr("# HELP " + name + " " +
                                std::string{each.help} + "\n"));
  }
}

TEST_F(the_metrics, have_nothing_that_is_not_in_the_table) {
  std::istringstream lines{node.expose()};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# TYPE "))
      continue;
    const auto name = line.substr(7, line.find(' ', 7) - 7);
    EXPECT_TRUE(std::any_of(
        all_metrics.begin(), all_metrics.end(),
        [&](const metric_description& each) { return each.name == name; }))
        << name;
  }
}

TEST_F(the_metrics, declare_each_family_once) {
  std::set<std::string> seen;
  std::istringstream lines{node.expose()};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      EXPECT_TRUE(seen.insert(line).second) << line;
    }
  }
}

TEST_F(the_metrics, have_a_series_for_each_endpoint_from_the_start) {
  for (const std::string endpoint : {"none", "orders", "invoices"}) {
    const auto label = "{endpoint=\"" + endpoint + "\"}";
    EXPECT_EQ(value("mfo_events_received_total" + label), "0");
    EXPECT_EQ(value("mfo_events_delivered_total" + label), "0");
    EXPECT_EQ(value("mfo_event_duration_seconds_count" + label), "0");
  }
  EXPECT_EQ(value("mfo_events_in_flight"), "0");
}

TEST_F(the_metrics, show_the_ledger) {
  auto event = node.events()->open(1);
  EXPECT_EQ(value("mfo_events_received_total{endpoint=\"orders\"}"), "1");
  EXPECT_EQ(value("mfo_events_in_flight"), "1");
  event.delivered();
  EXPECT_EQ(value("mfo_events_in_flight"), "0");
  EXPECT_EQ(value("mfo_events_delivered_total{endpoint=\"orders\"}"), "1");
}

TEST_F(the_metrics, show_how_long_an_event_took) {
  node.event_answered(2, metrics::seconds{0.02});
  const std::string name{"mfo_event_duration_seconds"};
  EXPECT_EQ(value(name + "_count{endpoint=\"invoices\"}"), "1");
  EXPECT_EQ(value(name + "_count{endpoint=\"orders\"}"), "0");
  EXPECT_EQ(value(name + "_bucket{endpoint=\"invoices\",le=\"0.01\"}"), "0");
  EXPECT_EQ(value(name + "_bucket{endpoint=\"invoices\",le=\"0.025\"}"), "1");
}

TEST_F(the_metrics, count_restarts_by_actor) {
  EXPECT_EQ(value("mfo_actor_restarts_total{actor=\"router\"}"), "0");
  node.actor_restarted("router");
  node.actor_restarted("router");
  EXPECT_EQ(value("mfo_actor_restarts_total{actor=\"router\"}"), "2");
  EXPECT_EQ(value("mfo_actor_restarts_total{actor=\"intake\"}"), "0");
}

TEST_F(the_metrics, show_how_many_events_each_stage_holds) {
  const core::stage_marker marker{node.depths(), core::stage::router};
  EXPECT_EQ(value("mfo_queue_depth{stage=\"router\"}"), "1");
  EXPECT_EQ(value("mfo_queue_depth{stage=\"intake\"}"), "0");
}

TEST_F(the_metrics, tell_the_build) {
  EXPECT_EQ(value("mfo_build_info{compiler=\"" __VERSION__ "\",version=\"" +
                  std::string{version} + "\"}"),
            "1");
}

TEST_F(the_metrics, ask_what_is_polled_at_each_scrape) {
  int asked = 0;
  node.poll([&asked] {
    auto family = make_family(bytes_in_flight);
    add_sample(family, {}, ++asked);
    return std::vector{family};
  });
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(value("mfo_bytes_in_flight"), "1");
  EXPECT_EQ(value("mfo_bytes_in_flight"), "2");
}

TEST(exposition, makes_a_sample_of_the_family_s_type) {
  auto counter = make_family(events_received);
  add_sample(counter, {{"endpoint", "a"}}, 3);
  EXPECT_EQ(counter.type, prometheus::MetricType::Counter);
  ASSERT_EQ(counter.metric.size(), 1u);
  EXPECT_EQ(counter.metric[0].counter.value, 3);
  auto gauge = make_family(events_in_flight);
  add_sample(gauge, {}, 4);
  EXPECT_EQ(gauge.type, prometheus::MetricType::Gauge);
  EXPECT_EQ(gauge.metric.at(0).gauge.value, 4);
  EXPECT_EQ(make_family(event_duration).type,
            prometheus::MetricType::Histogram);
}

} // namespace

} // namespace mfo::telemetry
