#include "telemetry/spans_of.hpp"

#include "core/envelope.hpp"
#include "tests/telemetry/spans.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>

namespace mfo::telemetry {

namespace {

using namespace std::chrono_literals;
using core::errc;
using test::attributes;
using test::names;
using test::sampled_trace;
using testing::ElementsAre;
using testing::SizeIs;

constexpr std::uint64_t own_span = 7;
constexpr std::uint64_t sender_span = 0x00f067aa0ba902b7;
constexpr auto since_1970 = 1'763'970'828'001ms;

core::outcome delivered_at_the(unsigned attempt) {
  core::outcome result;
  result.attempts = attempt;
  return result;
}

struct spans_of_an_event : testing::Test {
  spans_of_an_event() {
    auto settings = std::make_shared<config::endpoint_settings>();
    settings->id = "orders";
    settings->path = "/hooks/orders";
    settings->event_type = "order.paid";
    const auto made =
        core::make_event({.id = "event-1",
                          .payload = R"({"a":"of-the-payload"})",
                          .target = "/hooks/orders?key=of-the-query",
                          .traceparent = sampled_trace,
                          .client = *config::ip_address::parse("192.0.2.7")},
                         settings,
                         {.node_name = "node-1",
                          .depths = {},
                          .random =
                              [] {
                                return own_span;
                              }},
                         {since_1970, at});
    // As in a cluster, where a node makes it anew.
    event = std::const_pointer_cast<core::event>(made);
  }

  std::vector<span> spans(const core::outcome& how, event_end end) {
    auto record = record_of(*event);
    end.at = at + 9ms;
    close(record, {how, end.at, end.as, end.sink});
    return spans_of(*event, record, "node-b", since_1970 + 9ms);
  }

  std::vector<span> spans(const core::outcome& how = {}) {
    return spans(how, {.outcome = how, .at = {}});
  }

  void verified() {
    event->where.move_to(core::stage::validator, at);
    event->where.move_to(core::stage::router, at + 2ms);
  }

  void routed() {
    verified();
    event->where.move_to(core::stage::task_runner, at + 3ms);
    event->trail.routed(std::make_shared<core::destinations>(
        core::destinations{.server = "billing"}));
  }

  const std::chrono::steady_clock::time_point at{1h};
  std::shared_ptr<core::event> event;
};

TEST_F(spans_of_an_event, are_those_of_its_stages_below_its_own) {
  routed();
  const auto all = spans(delivered_at_the(2));
  ASSERT_THAT(names(all), ElementsAre("receive orders", "verify", "route"));
  EXPECT_EQ(core::to_traceparent(all[0].place), event->traceparent);
  EXPECT_EQ(all[0].parent, sender_span);
  EXPECT_EQ(all[0].kind, span_kind::server);
  for (const auto* each : {&all[1], &all[2]}) {
    EXPECT_EQ(each->parent, own_span);
    EXPECT_EQ(each->kind, span_kind::internal);
    EXPECT_EQ(core::trace_id_text(each->place),
              core::trace_id_text(all[0].place));
  }
  EXPECT_NE(all[1].place.span, all[2].place.span);
  for (const auto& each : all)
    EXPECT_FALSE(each.failed);
}

TEST_F(spans_of_an_event, have_the_state_that_came_with_its_trace) {
  routed();
  for (const auto& each : spans())
    EXPECT_EQ(each.tracestate, "") << each.name;
  event->tracestate = "congo=t61rcWkgMzE";
  for (const auto& each : spans())
    EXPECT_EQ(each.tracestate, "congo=t61rcWkgMzE") << each.name;
}

TEST_F(spans_of_an_event, have_the_times_that_were_written_down) {
  routed();
  const auto all = spans();
  EXPECT_EQ(all[0].start, since_1970);
  EXPECT_EQ(all[0].end, since_1970 + 9ms);
  EXPECT_EQ(all[1].start, since_1970);
  EXPECT_EQ(all[1].end, since_1970 + 2ms);
  EXPECT_EQ(all[2].start, since_1970 + 2ms);
  EXPECT_EQ(all[2].end, since_1970 + 3ms);
}

TEST_F(spans_of_an_event, say_what_it_was_and_what_became_of_it) {
  routed();
  auto of = attributes(spans(delivered_at_the(2)).front());
  EXPECT_EQ(of["http.request.method"], "POST");
  EXPECT_EQ(of["http.route"], "/hooks/orders");
  EXPECT_EQ(of["url.path"], "/hooks/orders");
  EXPECT_EQ(of["http.response.status_code"], "202");
  EXPECT_EQ(of["client.address"], "192.0.2.7");
  EXPECT_EQ(of["mfo.event.id"], "event-1");
  EXPECT_EQ(of["mfo.event.type"], "order.paid");
  EXPECT_EQ(of["mfo.event.outcome"], "delivered");
  EXPECT_EQ(of["mfo.endpoint"], "orders");
  EXPECT_EQ(of["mfo.server"], "billing");
  EXPECT_EQ(of["mfo.attempts"], "2");
}

TEST_F(spans_of_an_event, hold_nothing_of_payload_and_query) {
  routed();
  for (const auto& each : spans())
    for (const auto& [name, value] : attributes(each)) {
      EXPECT_EQ(value.find("of-the-payload"), std::string::npos) << name;
      EXPECT_EQ(value.find("of-the-query"), std::string::npos) << name;
    }
}

TEST_F(spans_of_an_event, end_where_it_was_refused) {
  event->where.move_to(core::stage::validator, at);
  const auto all = spans(core::refused(errc::bad_signature, "no match"));
  ASSERT_THAT(names(all), ElementsAre("receive orders", "verify"));
  EXPECT_FALSE(all[0].failed) << "it is no error of the node's";
  EXPECT_FALSE(attributes(all[0]).contains("error.type"));
  EXPECT_EQ(attributes(all[0])["mfo.event.reason"], "bad_signature");
  EXPECT_TRUE(all[1].failed);
  EXPECT_EQ(all[1].message, "bad_signature");
  EXPECT_EQ(all[1].end, since_1970 + 9ms);
  EXPECT_EQ(attributes(all[0])["http.response.status_code"], "401");
}

TEST_F(spans_of_an_event, fail_beyond_the_stages_that_went_well) {
  routed();
  const auto all = spans(core::refused(errc::upstream_failed, "500"));
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_TRUE(all[0].failed);
  EXPECT_EQ(all[0].message, "upstream_failed");
  EXPECT_EQ(attributes(all[0])["error.type"], "upstream_failed");
  EXPECT_EQ(attributes(all[0])["http.response.status_code"], "502");
  EXPECT_FALSE(all[1].failed);
  EXPECT_FALSE(all[2].failed);
}

TEST_F(spans_of_an_event, fail_where_what_was_acknowledged_is_lost) {
  routed();
  auto record = record_of(*event);
  record.acknowledged = 1ms;
  const auto how = core::refused(errc::internal_error, "no sink");
  close(record, {.outcome = how, .at = at + 9ms});
  const auto whole =
      spans_of(*event, record, "node-1", since_1970 + 9ms).front();
  EXPECT_TRUE(whole.failed);
  EXPECT_EQ(attributes(whole)["http.response.status_code"], "202");
}

TEST_F(spans_of_an_event, fail_where_another_node_had_it_run_for_nothing) {
  event->given_at = at + 4ms;
  const auto all = spans(core::refused(errc::in_progress));
  EXPECT_TRUE(all[0].failed) << "nobody was told a status";
  EXPECT_EQ(attributes(all[0])["error.type"], "in_progress");
}

TEST_F(spans_of_an_event, do_not_fail_where_it_is_a_repetition) {
  event->where.move_to(core::stage::validator, at);
  const auto all = spans(core::refused(errc::duplicate));
  EXPECT_FALSE(all[0].failed);
  EXPECT_FALSE(all[1].failed);
  EXPECT_EQ(attributes(all[0])["mfo.event.reason"], "duplicate");
  for (const auto& each : all)
    EXPECT_FALSE(attributes(each).contains("error.type")) << each.name;
}

TEST_F(spans_of_an_event, say_that_it_became_a_dead_letter) {
  routed();
  const auto how = core::refused(errc::upstream_failed, "500");
  const auto all = spans(how, {.outcome = how,
                               .at = {},
                               .as = event_state::dead_lettered,
                               .sink = "disk"});
  EXPECT_TRUE(all[0].failed);
  auto of = attributes(all[0]);
  EXPECT_EQ(of["mfo.event.outcome"], "dead_lettered");
  EXPECT_EQ(of["mfo.sink"], "disk");
  EXPECT_EQ(of["http.response.status_code"], "202") << "it was acknowledged";
}

TEST_F(spans_of_an_event, have_one_of_no_request_where_nobody_sent_it) {
  event->client = {};
  const auto all = spans();
  EXPECT_EQ(all[0].kind, span_kind::internal);
  EXPECT_FALSE(attributes(all[0]).contains("http.route"));
}

TEST_F(spans_of_an_event, begin_where_another_node_gave_it_to_this_one) {
  event->given_at = at + 4ms;
  event->where = {nullptr, core::stage::router};
  event->where.move_to(core::stage::task_runner, at + 5ms);
  const auto all = spans();
  ASSERT_THAT(names(all), ElementsAre("run on node-b", "route"));
  EXPECT_EQ(all[0].kind, span_kind::internal);
  EXPECT_EQ(all[0].start, since_1970 + 4ms);
  EXPECT_EQ(all[0].end, since_1970 + 9ms);
  EXPECT_EQ(all[1].start, since_1970 + 4ms);
  EXPECT_EQ(all[1].end, since_1970 + 5ms);
}

TEST_F(spans_of_an_event, go_by_the_clock_of_the_node_that_makes_them) {
  event->given_at = at + 4ms;
  event->received_unix -= 1h; // as another node's clock has it
  const auto all = spans();
  EXPECT_EQ(all[0].start, since_1970 + 4ms);
  EXPECT_EQ(all[0].end, since_1970 + 9ms);
}

TEST_F(spans_of_an_event, tell_when_it_was_acknowledged_and_placed) {
  verified();
  event->trail.placed("node-c", at + 3ms);
  auto record = record_of(*event);
  record.acknowledged = 1ms;
  close(record, {.outcome = {}, .at = at + 9ms});
  const auto all = spans_of(*event, record, "node-1", since_1970 + 9ms);
  ASSERT_THAT(all[0].moments, SizeIs(2));
  EXPECT_EQ(all[0].moments[0].name, "acknowledged");
  EXPECT_EQ(all[0].moments[0].at, since_1970 + 1ms);
  EXPECT_EQ(all[0].moments[1].name, "placed");
  ASSERT_EQ(all.back().name, "route");
  EXPECT_EQ(all.back().end, since_1970 + 3ms);
  EXPECT_EQ(attributes(all[0])["mfo.placed_on"], "node-c");
}

// --- runs --------------------------------------------------------------------

run_record a_run() {
  run_record run{.of = {.id = "run-1",
                        .workflow = "greet",
                        .taskflow = "main",
                        .trigger = "hook",
                        .event_id = "event-1",
                        .traceparent = sampled_trace},
                 .started_unix = since_1970,
                 .duration = 8ms,
                 .outcome = "Succeeded"};
  run.tasks = {{.path = "shout",
                .type = "set",
                .began = 1ms,
                .duration = 2ms,
                .outcome = "Succeeded"},
               {.path = "each[3]/greet",
                .type = "mfo_api_chat_send",
                .began = 3ms,
                .duration = 4ms,
                .outcome = "Errored",
                .attempts = 3,
                .problem = run_problem{"timeout", "of-a-message", "each[3]"}}};
  return run;
}

TEST(spans_of_a_run, are_those_of_its_tasks_below_its_own) {
  const auto all = spans_of(a_run());
  ASSERT_THAT(names(all), ElementsAre("run greet/main", "task set",
                                      "task mfo_api_chat_send"));
  EXPECT_EQ(all[0].parent, sender_span) << "the event's own";
  EXPECT_EQ(all[0].place.span, run_span(sender_span, "run-1"));
  EXPECT_EQ(all[1].parent, all[0].place.span);
  EXPECT_EQ(all[2].parent, all[0].place.span);
  EXPECT_EQ(all[2].place.span, task_span(all[0].place.span, "each[3]/greet"));
  EXPECT_EQ(all[0].start, since_1970);
  EXPECT_EQ(all[0].end, since_1970 + 8ms);
  EXPECT_EQ(all[2].start, since_1970 + 3ms);
  EXPECT_EQ(all[2].end, since_1970 + 7ms);
}

TEST(spans_of_a_run, say_which_task_failed_and_why) {
  const auto all = spans_of(a_run());
  EXPECT_FALSE(all[0].failed);
  EXPECT_FALSE(all[1].failed);
  EXPECT_TRUE(all[2].failed);
  EXPECT_EQ(all[2].message, "timeout");
  auto of = attributes(all[2]);
  EXPECT_EQ(of["mfo.task.path"], "each[3]/greet");
  EXPECT_EQ(of["mfo.attempts"], "3");
  EXPECT_EQ(of["error.type"], "timeout");
  EXPECT_EQ(of["mfo.outcome"], "Errored");
  for (const auto& [name, value] : of)
    EXPECT_EQ(value.find("of-a-message"), std::string::npos) << name;
}

TEST(spans_of_a_run, leave_out_what_never_began) {
  auto run = a_run();
  run.tasks[0].attempts = 0;
  EXPECT_THAT(names(spans_of(run)),
              ElementsAre("run greet/main", "task mfo_api_chat_send"));
}

TEST(spans_of_a_run, end_with_it_at_the_latest) {
  auto run = a_run();
  run.tasks[1].duration.reset();
  EXPECT_EQ(spans_of(run)[2].end, since_1970 + 8ms);
}

TEST(spans_of_a_run, are_none_without_a_trace) {
  auto run = a_run();
  run.of.traceparent.clear();
  EXPECT_THAT(spans_of(run), SizeIs(0));
}

TEST(the_place_of_a_task, is_that_of_its_span) {
  const auto task = spans_of(a_run())[1];
  EXPECT_EQ(place_of_task(sampled_trace, "run-1", "shout"),
            core::to_traceparent(task.place));
}

TEST(the_place_of_a_task, is_that_of_the_event_where_nobody_sees_it) {
  EXPECT_EQ(place_of_task(test::other_trace, "run-1", "shout"),
            test::other_trace);
}

} // namespace

} // namespace mfo::telemetry
