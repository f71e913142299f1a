#include "telemetry/upstream_metrics.hpp"

#include <gtest/gtest.h>

#include <prometheus/text_serializer.h>

#include <sstream>
#include <thread>
#include <vector>

namespace mfo::telemetry {

namespace {

struct the_upstream_metrics : testing::Test {
  /// The value of the series of that name and these labels; "": none.
  std::string value(const std::string& series) {
    std::istringstream lines{
        prometheus::TextSerializer{}.Serialize(registry.Collect())};
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(series + " "))
        return line.substr(series.size() + 1);
    return "";
  }

  std::string tries(const std::string& labels) {
    return value("mfo_upstream_request_duration_seconds_count{" + labels + "}");
  }

  prometheus::Registry registry;
  upstream_metrics calls{registry, {{"default", "other"}, {"event", "chat"}}};
};

constexpr upstream_metrics::seconds one_second{1};

TEST_F(the_upstream_metrics, count_tries_by_server_operation_and_result) {
  calls.tried(0, 0, try_result::success, one_second, false);
  calls.tried(0, 0, try_result::success, one_second, false);
  calls.tried(1, 1, try_result::timeout, one_second, false);
  EXPECT_EQ(tries(R"(operation="event",result="2xx",server="default")"), "2");
  EXPECT_EQ(tries(R"(operation="chat",result="timeout",server="other")"), "1");
  EXPECT_EQ(tries(R"(operation="chat",result="2xx",server="other")"), "");
}

TEST_F(the_upstream_metrics, have_a_label_for_each_result) {
  using enum try_result;
  const std::pair<try_result, std::string> results[]{
      {success, "2xx"},      {redirect, "3xx"},    {client_error, "4xx"},
      {server_error, "5xx"}, {timeout, "timeout"}, {transport_error, "error"}};
  for (const auto& [result, label] : results) {
    calls.tried(0, 0, result, one_second, false);
    EXPECT_EQ(tries(R"(operation="event",result=")" + label +
                    R"(",server="default")"),
              "1");
  }
}

TEST_F(the_upstream_metrics, count_retries) {
  const std::string series =
      R"(mfo_upstream_retries_total{operation="event",server="default"})";
  calls.tried(0, 0, try_result::server_error, one_second, false);
  EXPECT_EQ(value(series), "");
  calls.tried(0, 0, try_result::success, one_second, true);
  EXPECT_EQ(value(series), "1");
}

TEST_F(the_upstream_metrics, count_calls_refused_by_their_reason) {
  calls.refused(1, core::errc::circuit_open);
  EXPECT_EQ(
      value(
          R"(mfo_upstream_calls_refused_total{reason="circuit_open",server="other"})"),
      "1");
}

TEST_F(the_upstream_metrics, lose_nothing_that_several_threads_count_at_once) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this] {
      for (int n = 0; n < 1000; ++n)
        calls.tried(0, 0, try_result::success, one_second, true);
    });
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(tries(R"(operation="event",result="2xx",server="default")"),
            "4000");
}

TEST(result_of_status, is_its_class) {
  EXPECT_EQ(result_of_status(200), try_result::success);
  EXPECT_EQ(result_of_status(299), try_result::success);
  EXPECT_EQ(result_of_status(301), try_result::redirect);
  EXPECT_EQ(result_of_status(404), try_result::client_error);
  EXPECT_EQ(result_of_status(503), try_result::server_error);
}

} // namespace

} // namespace mfo::telemetry
