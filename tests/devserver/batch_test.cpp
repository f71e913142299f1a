#include "tests/devserver/fixture.hpp"

namespace mfo::devserver {
namespace {

using nlohmann::json;
using testing::ElementsAre;

class batch : public running_server {
protected:
  answer post(std::string_view body,
              const std::string& type = "application/json") {
    return ask("POST", "/api/events", body, {{"Content-Type", type}});
  }
};

TEST_F(batch, is_recorded_as_its_events_byte_for_byte) {
  const auto got =
      post(" [ {\"id\":\"1\", \"n\":1.0} ,\n{\"id\":\"2\",\"payload\":[[{}]]},"
           "{\"id\":\"3\",\"s\":\"],[\\\"\",\"n\":"
           "123456789012345678901234567890}]\n");
  EXPECT_EQ(got.status, 202);
  EXPECT_EQ(got.body, R"({"results":[{"id":"1","status":"accepted"},)"
                      R"({"id":"2","status":"accepted"},)"
                      R"({"id":"3","status":"accepted"}]})");
  std::vector<std::string> bodies;
  for (const auto& event : one->events())
    bodies.push_back(event->body);
  EXPECT_THAT(bodies, ElementsAre(R"({"id":"1", "n":1.0})",
                                  R"({"id":"2","payload":[[{}]]})",
                                  R"({"id":"3","s":"],[\"",)"
                                  R"("n":123456789012345678901234567890})"));
}

TEST_F(batch, gives_no_two_events_the_idempotency_key) {
  ask("POST", "/api/events", "[{},{}]", {{"Idempotency-Key", "k"}});
  const auto ids = one->ids();
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(batch, may_be_empty) {
  EXPECT_EQ(post("[]").body, R"({"results":[]})");
  EXPECT_EQ(one->count(), 0u);
}

TEST_F(batch, has_an_outcome_for_what_is_no_event) {
  const auto got =
      json::parse(post(R"([{"id":"1"},7,[1],{"id":"2"}])").body)["results"];
  ASSERT_EQ(got.size(), 4u);
  EXPECT_EQ(got[1]["status"], "rejected");
  EXPECT_EQ(got[2]["status"], "rejected");
  EXPECT_THAT(one->ids(), ElementsAre("1", "2"));
  EXPECT_EQ(one->rejected().size(), 2u);
}

TEST_F(batch, of_cloudevents_says_so) {
  const std::string event =
      R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":1})";
  EXPECT_EQ(post(event, "application/cloudevents+json; charset=utf-8").status,
            202);
  EXPECT_EQ(
      post("[" + event + "]", "application/cloudevents-batch+json").status,
      202);
  EXPECT_EQ(post(event, "application/cloudevents-batch+json").status, 400);
  EXPECT_EQ(post("[" + event + "]", "application/cloudevents+json").status,
            400);
  EXPECT_THAT(one->ids(), ElementsAre("1", "1"));
}

TEST_F(batch, is_refused_as_a_whole_by_a_fault) {
  set_faults(R"({"statuses":[503]})");
  EXPECT_EQ(post(R"([{"id":"1"},{"id":"2"}])").status, 503);
  EXPECT_EQ(one->count(), 0u);
  const auto rejected = one->rejected();
  ASSERT_EQ(rejected.size(), 2u);
  EXPECT_EQ(rejected[1]->id, "2");
  EXPECT_EQ(rejected[1]->status, 503);
}

TEST_F(batch, is_bounded) {
  std::string body = "[{}";
  for (int i = 1; i < 10'000; ++i)
    body += ",{}";
  EXPECT_EQ(post(body + "]").status, 202);
  EXPECT_EQ(one->count(), 10'000u);
  EXPECT_EQ(post(body + ",{}]").status, 400);
  EXPECT_EQ(one->count(), 10'000u);
  EXPECT_EQ(one->rejected().size(), 1u);
}

} // namespace
} // namespace mfo::devserver
