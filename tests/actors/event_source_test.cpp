#include "actors/event_source.hpp"

#include "tests/actors/flow_fixture.hpp"

namespace mfo::actors::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class event_source_test : public actor_fixture {
protected:
  event_source_test() {
    state_->advance(http::node_phase::ready);
  }

  /// Two triggers: w/hand, and w/done for ticket.*.
  std::unique_ptr<event_source> make() {
    const auto workflow = load_workflow(R"(
workflow_name: w
triggers:
  - {id: hand, type: manual, target_taskflow: main}
  - {id: done, type: event, config: {event_types: ["ticket.*"]}, target_taskflow: main}
taskflows:
  - taskflow_id: main
    tasks: [{id: s, type: set, config: {value: 1}}]
)");
    config::endpoint_settings hand;
    hand.id = "w/hand";
    config::endpoint_settings done;
    done.id = "w/done";
    metrics_ = std::make_shared<telemetry::metrics>(
        std::vector<std::string>{"w/hand", "w/done"},
        telemetry::upstream_names{});
    return std::make_unique<event_source>(event_source::deps{
        .endpoints = {hand, done},
        .workflows = {workflow},
        .max_payload = 100,
        .max_hops = 2,
        .state = state_,
        .room = room_,
        .origin = {.node_name = "node",
                   .depths = metrics_->depths(),
                   .random =
                       [this] {
                         return ++count_;
                       }},
        .services = std::make_shared<const http::exchange_services>(
            http::exchange_services{observer(), nullptr, nullptr}),
        .admit = [this](http::exchange_ptr exchange) {
          admitted_.push_back(std::move(exchange));
        }});
  }

  static event_source::offer by_hand(std::string_view payload = "{}") {
    return {.trigger = "w/hand",
            .payload = payload,
            .type = "manual.start",
            .source = "manual/w/hand"};
  }

  /// What a taskflow makes of an event.
  static core::event_ptr ticket_done(const core::event& cause) {
    return core::derive(cause, {.payload = "7",
                                .type = "ticket.done",
                                .source = "taskflow/w/main",
                                .name = "f"});
  }
  core::event_ptr ticket_done() {
    return ticket_done(*make_event());
  }

  double refused(const std::string& reason) {
    const auto page = metrics_->expose();
    const auto sample =
        "mfo_events_refused_total{endpoint=\"w/hand\",reason=\"" + reason +
        "\"} 1";
    return page.find(sample) != std::string::npos ? 1 : 0;
  }

  std::shared_ptr<http::node_state> state_ =
      std::make_shared<http::node_state>();
  std::shared_ptr<core::admission> room_ =
      std::make_shared<core::admission>(2, 1000);
  std::vector<http::exchange_ptr> admitted_;
  std::uint64_t count_ = 0;
};

TEST_F(event_source_test, sends_an_event_the_way_of_all_events) {
  const auto source = make();
  const auto id = source->take(by_hand(R"({"a":1})"));
  ASSERT_TRUE(id);
  ASSERT_THAT(admitted_, SizeIs(1));
  const auto& event = *admitted_[0]->event();
  EXPECT_EQ(event.id, *id);
  EXPECT_EQ(event.payload(), R"({"a":1})");
  EXPECT_EQ(event.type(), "manual.start");
  EXPECT_EQ(event.source(), "manual/w/hand");
  EXPECT_EQ(event.endpoint->id, "w/hand");
  EXPECT_EQ(room_->events(), 1U);
  admitted_[0]->finish({});
  EXPECT_EQ(room_->events(), 0U);
}

TEST_F(event_source_test, gives_what_is_the_same_event_the_same_id) {
  const auto source = make();
  auto what = by_hand();
  what.delivery_id = "2026-11-27T12:00:00Z";
  const auto first = source->take(what);
  EXPECT_EQ(*source->take(what), *first);
  what.delivery_id = "2026-11-27T12:01:00Z";
  admitted_.clear();
  EXPECT_NE(*source->take(what), *first);
}

TEST_F(event_source_test, tells_how_the_event_has_ended) {
  const auto source = make();
  const auto probe = std::make_shared<answer_probe>();
  ASSERT_TRUE(
      source->take(by_hand(), std::make_unique<probe_responder>(probe)));
  admitted_[0]->finish(core::refused(core::errc::taskflow_failed));
  ASSERT_THAT(probe->answers, SizeIs(1));
  EXPECT_EQ(probe->answers[0].status, 502);
}

TEST_F(event_source_test, refuses_and_counts_what_finds_no_room) {
  const auto source = make();
  ASSERT_TRUE(source->take(by_hand()));
  ASSERT_TRUE(source->take(by_hand()));
  EXPECT_EQ(source->take(by_hand()).error(), core::errc::saturated);
  EXPECT_EQ(refused("saturated"), 1);
  EXPECT_EQ(source->take(by_hand(std::string(101, ' '))).error(),
            core::errc::payload_too_large);
}

TEST_F(event_source_test, takes_nothing_new_while_the_node_stops) {
  const auto source = make();
  state_->advance(http::node_phase::draining);
  EXPECT_EQ(source->take(by_hand()).error(), core::errc::draining);
  EXPECT_THAT(admitted_, IsEmpty());
}

TEST_F(event_source_test, takes_what_comes_of_its_events_while_the_node_stops) {
  const auto source = make();
  state_->advance(http::node_phase::draining);
  EXPECT_TRUE(source->pass_on(*ticket_done()).delivered());
  EXPECT_THAT(admitted_, SizeIs(1));
  state_->advance(http::node_phase::failed);
  EXPECT_EQ(source->pass_on(*ticket_done()).error, core::errc::draining);
}

TEST_F(event_source_test, says_which_trigger_has_not_taken_an_event) {
  const auto source = make();
  ASSERT_TRUE(source->take(by_hand()));
  ASSERT_TRUE(source->take(by_hand()));
  const auto refused = source->pass_on(*ticket_done());
  EXPECT_EQ(refused.error, core::errc::saturated);
  EXPECT_THAT(refused.detail, HasSubstr("the trigger w/done"));
}

TEST_F(event_source_test, passes_an_event_on_to_those_that_ask_for_it) {
  const auto source = make();
  const auto cause = make_event();
  EXPECT_TRUE(source->pass_on(*ticket_done(*cause)).delivered());
  ASSERT_THAT(admitted_, SizeIs(1));
  const auto& event = *admitted_[0]->event();
  EXPECT_EQ(event.endpoint->id, "w/done");
  EXPECT_EQ(event.payload(), "7");
  EXPECT_EQ(event.source(), "taskflow/w/main");
  EXPECT_EQ(event.hops, 1U);
  EXPECT_EQ(event.traceparent.view().substr(0, 35),
            cause->traceparent.view().substr(0, 35));
  EXPECT_TRUE(
      source->pass_on(*core::derive(*cause, {.payload = "7", .type = "other"}))
          .delivered());
  EXPECT_THAT(admitted_, SizeIs(1));
}

TEST_F(event_source_test, ends_a_chain_of_events_that_start_one_another) {
  const auto source = make();
  auto event = ticket_done();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(source->pass_on(*event).delivered());
    event = admitted_.back()->event();
    admitted_.back()->finish({});
  }
  const auto refused = source->pass_on(*event);
  EXPECT_EQ(refused.error, core::errc::taskflow_errored);
  EXPECT_THAT(refused.detail, HasSubstr("too many in a row"));
  EXPECT_THAT(admitted_, SizeIs(2));
  EXPECT_THAT(lines_, ::testing::Contains(HasSubstr("event refused")));
}

} // namespace
} // namespace mfo::actors::tests
