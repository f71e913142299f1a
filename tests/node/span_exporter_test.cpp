#include "node/span_exporter.hpp"

#include "tests/support/exposition.hpp"
#include "tests/support/otlp_receiver.hpp"
#include "tests/support/reserved_port.hpp"
#include "tests/support/run_on.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mfo::node {

namespace {

using namespace std::chrono_literals;
using mfo::test::otlp_receiver;
using support::wait_until;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string http_answer(std::string_view status, std::string_view fields = {}) {
  return "HTTP/1.1 " + std::string{status} + "\r\n" + std::string{fields} +
         "Content-Length: 0\r\n\r\n";
}

class a_span_exporter : public testing::Test {
protected:
  ~a_span_exporter() override {
    exporter->stop(0ms);
    work.reset();
    io_thread.join();
  }

  void export_to(const std::string& url, config::tracing_settings how) {
    how.url = url;
    auto found = find_collector(io, how);
    ASSERT_TRUE(found) << found.error();
    health = found->health;
    support::run_on(io, [&] { exporter->adopt(*std::move(found)); });
  }

  void put(int count) {
    std::vector<telemetry::span> spans;
    for (int i = 0; i < count; ++i)
      spans.push_back({.place = {1, 2, 3, true}, .name = "a span"});
    queue->take(std::move(spans));
  }

  [[nodiscard]] double counted(const std::string& result) const {
    return support::sum_of(metrics->expose(), "mfo_trace_spans_total",
                           "result=\"" + result + '"');
  }

  static config::retry_settings quick_tries() {
    config::retry_settings quick;
    quick.delay = 5ms;
    quick.max_delay = 10ms;
    quick.max_count = 3;
    return quick;
  }

  /// One that posts each span for itself, at once.
  const config::tracing_settings one_by_one{.interval = 10ms, .max_batch = 1};

  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      io.get_executor()};
  std::shared_ptr<telemetry::upstream_health> health; ///< of the collector
  std::shared_ptr<telemetry::metrics> metrics =
      std::make_shared<telemetry::metrics>(std::vector<std::string>{},
                                           telemetry::upstream_names{});
  std::shared_ptr<telemetry::span_queue> queue =
      std::make_shared<telemetry::span_queue>("node-1", metrics);
  std::shared_ptr<span_exporter> exporter =
      span_exporter::make({.io = io,
                           .queue = queue,
                           .metrics = metrics,
                           .resource = {{"host.name", "here"}},
                           .uniform = [] { return 0.5; },
                           .retry = quick_tries()});
  std::thread io_thread{[this] {
    io.run();
  }};
};

TEST_F(a_span_exporter, posts_what_there_is_from_time_to_time) {
  otlp_receiver collector;
  export_to(collector.url(), {.headers = {{"X-Api-Key", config::secret{"key"}}},
                              .service_name = "hooks",
                              .interval = 10ms});
  put(2);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 2; }));
  ASSERT_THAT(collector.posts(), SizeIs(1));
  const auto post = collector.posts().front();
  EXPECT_EQ(post.method_string(), "POST");
  EXPECT_EQ(post.target(), "/v1/traces");
  EXPECT_EQ(post["Content-Type"], "application/json");
  EXPECT_EQ(post["X-Api-Key"], "key");
  ASSERT_THAT(collector.spans(), SizeIs(2));
  const auto span = collector.spans().front();
  EXPECT_EQ(span["name"], "a span");
  EXPECT_EQ(span["resource"]["service.name"], "hooks");
  EXPECT_EQ(span["resource"]["host.name"], "here");
}

TEST_F(a_span_exporter, posts_a_batch_as_soon_as_there_is_one) {
  otlp_receiver collector;
  export_to(collector.url(), {.interval = 1h, .max_batch = 2});
  put(5);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 4; }));
  EXPECT_THAT(collector.posts(), SizeIs(2));
  exporter->stop(5s);
  EXPECT_EQ(counted("exported"), 5) << "the rest goes at the end";
}

TEST_F(a_span_exporter, tries_again_when_the_collector_says_so) {
  otlp_receiver collector{{http_answer("503 Service Unavailable"),
                           http_answer("429 Too Many Requests")}};
  export_to(collector.url(), one_by_one);
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 1; }));
  EXPECT_THAT(collector.posts(), SizeIs(3));
  EXPECT_EQ(counted("dropped"), 0);
  EXPECT_EQ(health->look().consecutive_failures, 0u);
}

TEST_F(a_span_exporter, waits_as_long_as_the_collector_asks_for) {
  otlp_receiver collector{
      {http_answer("503 Service Unavailable", "Retry-After: 1\r\n")}};
  export_to(collector.url(), one_by_one);
  const auto begin = std::chrono::steady_clock::now();
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 1; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 1s);
}

TEST_F(a_span_exporter, gives_up_after_a_few_tries) {
  otlp_receiver collector{std::vector<std::string>(3, http_answer("502 Bad"))};
  export_to(collector.url(), one_by_one);
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("dropped") == 1; }));
  EXPECT_THAT(collector.posts(), SizeIs(3));
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 1; }));
}

TEST_F(a_span_exporter, does_not_repeat_what_the_collector_does_not_want) {
  otlp_receiver collector{{http_answer("400 Bad Request")}};
  export_to(collector.url(), one_by_one);
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("refused") == 1; }));
  EXPECT_THAT(collector.posts(), SizeIs(1));
  EXPECT_THAT(health->look().last_error, HasSubstr("answered 400"));
}

TEST_F(a_span_exporter, counts_what_is_refused_of_a_batch) {
  otlp_receiver collector{{mfo::test::reply_of(
      R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}})")}};
  export_to(collector.url(), {.interval = 10ms});
  put(3);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 2; }));
  EXPECT_EQ(counted("refused"), 1);
}

TEST_F(a_span_exporter, drops_what_comes_while_the_collector_is_away) {
  const support::reserved_port nobody;
  export_to("http://127.0.0.1:" + std::to_string(nobody.number()) + "/",
            {.interval = 10ms, .max_queue = 4, .max_batch = 2});
  put(100);
  ASSERT_TRUE(wait_until([&] { return counted("dropped") == 100; }));
  EXPECT_GT(health->look().consecutive_failures, 0u);
}

TEST_F(a_span_exporter, stops_in_time_whatever_the_collector_does) {
  mfo::test::script_server silent{mfo::test::silent()};
  export_to("http://127.0.0.1:" + std::to_string(silent.port()) + "/",
            {.interval = 1h});
  put(1);
  const auto begin = std::chrono::steady_clock::now();
  exporter->stop(100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_TRUE(wait_until([&] { return counted("dropped") == 1; }));
}

TEST_F(a_span_exporter, cuts_off_what_is_under_way_when_its_time_is_over) {
  mfo::test::script_server silent{mfo::test::silent()};
  auto how = one_by_one;
  how.timeout = 1h;
  export_to("http://127.0.0.1:" + std::to_string(silent.port()) + "/", how);
  put(1);
  ASSERT_TRUE(wait_until([&] { return silent.connections() == 1; }));
  exporter->stop(100ms);
  EXPECT_TRUE(wait_until([&] { return counted("dropped") == 1; }));
}

TEST_F(a_span_exporter, goes_on_to_another_collector) {
  otlp_receiver first;
  otlp_receiver second;
  export_to(first.url(), one_by_one);
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 1; }));
  export_to(second.url(), one_by_one);
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 2; }));
  EXPECT_THAT(first.posts(), SizeIs(1));
  EXPECT_THAT(second.posts(), SizeIs(1));
}

/// Takes one request, and answers when it is told to.
struct slow_collector {
  std::promise<void> asked;
  std::promise<void> may_answer;
  mfo::test::script_server server{
      [this](mfo::test::server_peer& peer, int number) {
        if (number > 0 || !peer.read_request())
          return;
        asked.set_value();
        may_answer.get_future().wait_for(support::patience);
        peer.write(http_answer("400 Bad Request"));
      }};

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  }
};

TEST_F(a_span_exporter, blames_no_collector_for_what_another_answers) {
  slow_collector first;
  auto how = one_by_one;
  how.url = first.url();
  // As a configuration that is still in use has it.
  const auto to_first = find_collector(io, how);
  ASSERT_TRUE(to_first) << to_first.error();
  support::run_on(io, [&] { exporter->adopt(*to_first); });
  put(1);
  first.asked.get_future().wait();
  otlp_receiver second;
  export_to(second.url(), one_by_one);
  first.may_answer.set_value();
  ASSERT_TRUE(wait_until([&] { return counted("refused") == 1; }));
  EXPECT_EQ(to_first->health->look().consecutive_failures, 1u);
  EXPECT_EQ(health->look().consecutive_failures, 0u);
}

TEST_F(a_span_exporter, takes_what_was_on_its_way_to_another_collector) {
  slow_collector first;
  export_to(first.url(), one_by_one);
  put(1);
  first.asked.get_future().wait();
  otlp_receiver second;
  export_to(second.url(), one_by_one);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 1; }));
  EXPECT_THAT(second.posts(), SizeIs(1));
  first.may_answer.set_value();
}

TEST_F(a_span_exporter, tries_nothing_again_when_no_collector_is_left) {
  otlp_receiver collector{
      {http_answer("503 Service Unavailable", "Retry-After: 30\r\n")}};
  export_to(collector.url(), one_by_one);
  put(1);
  ASSERT_TRUE(
      wait_until([&] { return health->look().consecutive_failures == 1; }));
  support::run_on(io, [&] { exporter->adopt({}); });
  EXPECT_EQ(counted("dropped"), 1);
  export_to(collector.url(), one_by_one);
  put(1);
  ASSERT_TRUE(wait_until([&] { return counted("exported") == 1; }));
  EXPECT_THAT(collector.posts(), SizeIs(2));
}

TEST_F(a_span_exporter, wants_no_spans_without_a_collector) {
  EXPECT_FALSE(queue->wants());
  otlp_receiver collector;
  export_to(collector.url(), {.interval = 1h});
  EXPECT_TRUE(queue->wants());
  put(1);
  support::run_on(io, [&] { exporter->adopt({}); });
  EXPECT_FALSE(queue->wants());
  EXPECT_EQ(counted("dropped"), 1);
  EXPECT_THAT(collector.posts(), IsEmpty());
}

} // namespace

} // namespace mfo::node
