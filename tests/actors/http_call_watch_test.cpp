#include "actors/http_call_watch.hpp"

#include "taskflow/load/load.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::actors {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct watched_calls : ::testing::Test {
  /// One of the task `t`, whose answers are kept.
  outside::answer_callback begin(const std::string& url) {
    const auto loaded = taskflow::load_text(
        "workflow_name: w\n"
        "taskflows: [{taskflow_id: main, tasks: [{id: s, type: set, config: "
        "{value: 1}}]}]\n",
        "flow.yaml", [](std::string_view) { return std::nullopt; });
    const run_info run{.id = "run-1",
                       .workflow = loaded.value(),
                       .taskflow = 0,
                       .trigger = {},
                       .event_id = {},
                       .began = {}};
    taskflow::http_request_call call;
    call.method = "GET";
    call.url = url;
    return watch->watch(call, run, "t", [this](taskflow::call_result result) {
      answers.push_back(std::move(result));
    });
  }

  static taskflow::call_result fails(const std::string& code) {
    return tl::unexpected{
        taskflow::call_failure{.code = code, .message = "of this host"}};
  }

  std::string count(const std::string& result) const {
    return "mfo_http_calls_total{result=\"" + result + "\"} ";
  }

  std::vector<std::string> lines;
  std::vector<taskflow::call_result> answers;
  std::shared_ptr<telemetry::metrics> metrics =
      std::make_shared<telemetry::metrics>(std::vector<std::string>{},
                                           telemetry::upstream_names{});
  std::shared_ptr<telemetry::log> log = std::make_shared<telemetry::log>(
      config::log_settings{.level = config::log_level::debug},
      [this](std::string_view line) { lines.emplace_back(line); });
  std::shared_ptr<http_call_watch> watch = std::make_shared<http_call_watch>(
      telemetry::observer{.metrics = metrics, .log = log}, 2);
};

TEST_F(watched_calls, are_counted_and_told_of_at_debug) {
  begin("https://a.example/secret?token=x")(
      std::make_shared<const taskflow::json>("fine"));
  EXPECT_THAT(answers, SizeIs(1));
  EXPECT_THAT(metrics->expose(), HasSubstr(count("ok") + "1"));
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], AllOf(HasSubstr("http_call ended"), HasSubstr("run-1"),
                              HasSubstr("a.example"), Not(HasSubstr("secret")),
                              Not(HasSubstr("token"))));
  log->set_level(config::log_level::info);
  begin("https://a.example/")(fails("timeout"));
  EXPECT_THAT(metrics->expose(), HasSubstr(count("timeout") + "1"));
  EXPECT_THAT(lines, SizeIs(1));
}

TEST_F(watched_calls, are_cancelled_when_nobody_holds_the_answer) {
  { const auto dropped = begin("https://a.example/"); }
  EXPECT_THAT(answers, IsEmpty());
  EXPECT_THAT(metrics->expose(), HasSubstr(count("cancelled") + "1"));
}

TEST_F(watched_calls, are_told_of_at_most_so_often_when_they_are_refused) {
  log->set_level(config::log_level::warn);
  for (int i = 0; i < 20; ++i)
    begin("https://a.example/")(fails("not_allowed"));
  EXPECT_THAT(metrics->expose(), HasSubstr(count("not_allowed") + "20"));
  EXPECT_THAT(answers, SizeIs(20));
  // Two a second, for as many seconds as that took.
  EXPECT_GE(lines.size(), 2U);
  EXPECT_LT(lines.size(), 20U);
  EXPECT_THAT(lines[0],
              AllOf(HasSubstr("http_call refused"), HasSubstr("main"),
                    HasSubstr("not_allowed"), HasSubstr("of this host")));
}

TEST_F(watched_calls, have_no_series_for_words_that_are_not_known) {
  begin("https://a.example/")(fails("brand_new"));
  EXPECT_THAT(metrics->expose(),
              AllOf(HasSubstr(count("other") + "1"), Not(HasSubstr("brand"))));
}

} // namespace

} // namespace mfo::actors
