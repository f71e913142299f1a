#include "actors/route.hpp"

#include "tests/actors/flow_fixture.hpp"

namespace mfo::actors::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(the_type_of_an_event, is_matched_word_by_word) {
  EXPECT_TRUE(matches_type("a.b", "a.b"));
  EXPECT_FALSE(matches_type("a.b", "a.c"));
  EXPECT_FALSE(matches_type("a.b", "a"));
  EXPECT_FALSE(matches_type("a", "a.b"));
  EXPECT_TRUE(matches_type("a.*", "a.b"));
  EXPECT_FALSE(matches_type("a.*", "a.b.c"));
  EXPECT_FALSE(matches_type("a.*", "a"));
  EXPECT_FALSE(matches_type("a*", "ab"));
}

TEST(the_type_of_an_event, may_have_any_number_of_words_for_two_stars) {
  for (const auto* type : {"a", "a.b", "a.b.c"})
    EXPECT_TRUE(matches_type("a.**", type)) << type;
  for (const auto* type : {"c", "a.c", "a.b.c"})
    EXPECT_TRUE(matches_type("**.c", type)) << type;
  EXPECT_FALSE(matches_type("**.c", "a.b"));
  EXPECT_TRUE(matches_type("**", "a"));
  EXPECT_TRUE(matches_type("a.**.c.*", "a.c.c.c.d"));
  EXPECT_FALSE(matches_type("a.**.c.*", "a.c.d.e"));
  EXPECT_TRUE(matches_type("**.b.**.b", "a.b.c.b.b"));
}

class route_test : public actor_fixture {
protected:
  route_ptr route_of(const std::string& endpoint, const std::string& type) {
    endpoint_settings_.id = endpoint;
    endpoint_settings_.event_type = type;
    return table_.find(*make_event());
  }

  static std::vector<std::string> ids(const route_ptr& route) {
    std::vector<std::string> result;
    for (const auto& each : route->triggers)
      result.push_back(each.id());
    return result;
  }

  taskflow::workflow_ptr workflow_ = load_workflow(R"(
workflow_name: w
triggers:
  - {id: hand, type: manual, target_taskflow: main}
  - {id: off, type: event, enabled: false, config: {event_types: ["**"]}, target_taskflow: main}
  - {id: done, type: event, config: {event_types: [ticket.done]}, target_taskflow: main}
  - {id: all, type: event, config: {event_types: [a.b, "ticket.*"]}, target_taskflow: main}
taskflows:
  - taskflow_id: main
    tasks: [{id: s, type: set, config: {value: 1}}]
)");
  route_table table_{{workflow_}};
};

TEST_F(route_test, leads_from_an_endpoint_to_its_server) {
  const auto found = route_of("hook", "webhook.received");
  EXPECT_EQ(found->server, "default");
  EXPECT_THAT(found->triggers, IsEmpty());
  EXPECT_EQ(route_of("hook", "webhook.received"), found);
}

TEST_F(route_test, leads_from_an_endpoint_to_all_that_ask_for_the_type_too) {
  const auto found = route_of("hook", "ticket.done");
  EXPECT_EQ(found->server, "default");
  EXPECT_THAT(ids(found), ElementsAre("w/done", "w/all"));
  EXPECT_THAT(ids(route_of("hook", "ticket.new")), ElementsAre("w/all"));
}

TEST_F(route_test, leads_from_a_trigger_to_its_taskflow_alone) {
  const auto found = route_of("w/hand", "ticket.done");
  EXPECT_EQ(found->server, "");
  EXPECT_THAT(ids(found), ElementsAre("w/hand"));
}

} // namespace
} // namespace mfo::actors::tests
