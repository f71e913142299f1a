#include "api/events.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

using config::event_format;
using testing::IsEmpty;

envelope_ptr envelope(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

/// "id" for an event that was taken, "id!" for one that failed for good, "id?"
/// for one that may be sent again.
std::vector<std::string> told(const std::vector<event_outcome>& outcomes) {
  std::vector<std::string> all;
  for (const auto& one : outcomes)
    all.push_back(one.id + (!one.error                 ? ""
                            : is_transient(*one.error) ? "?"
                                                       : "!"));
  return all;
}

std::vector<std::string> told_by(std::string body,
                                 const std::vector<std::string>& ids = {
                                     "a", "b", "c"}) {
  const auto batch = parse_event_batch_reply(reply(202, std::move(body)));
  return batch ? told(match_outcomes(*batch, ids))
               : std::vector<std::string>{batch.error().message};
}

using list = std::vector<std::string>;

TEST(event, is_posted_as_the_very_buffer_that_was_given) {
  const auto bytes = envelope(R"({ "id":"1" , "payload":1.0})");
  const auto call = make_event_call(usual_paths, {bytes});
  EXPECT_EQ(call.what, operation::event);
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.target, "/api/events");
  EXPECT_EQ(call.content_type, "application/json");
  EXPECT_EQ(call.body, bytes);
  EXPECT_TRUE(call.repeatable);
}

TEST(event, goes_where_and_as_the_settings_say) {
  config::path_settings paths;
  paths.events = "/v2/in";
  const auto call =
      make_event_call(paths, {envelope("{}"), event_format::cloudevents});
  EXPECT_EQ(call.target, "/v2/in");
  EXPECT_EQ(call.content_type, "application/cloudevents+json");
}

TEST(event, is_taken_by_any_2xx) {
  for (const auto& [body, id] :
       std::vector<std::pair<std::string, std::string>>{
           {R"({"id":"e-1","status":"accepted"})", "e-1"},
           {R"({"event_id":7})", "7"},
           {R"({"ok":true})", ""},
           {"[]", ""},
           {"OK", ""},
           {"", ""},
           {R"({"id":)", ""}}) {
    const auto got = parse_event_reply(reply(201, body));
    ASSERT_TRUE(got) << body;
    EXPECT_EQ(got->id, id) << body;
  }
}

TEST(event, is_refused_with_the_server_s_reason) {
  EXPECT_THAT(parse_event_reply(
                  reply(400, R"({"error":{"code":"x","message":"no type"}})")),
              fails_with(api_errc::rejected, "no type"));
  EXPECT_THAT(parse_event_reply(reply(302)),
              fails_with(api_errc::rejected, "302"));
}

TEST(event_batch, is_one_array_of_the_events_byte_for_byte) {
  const auto call = make_event_batch_call(
      usual_paths, {{envelope("{ \"a\":1.0}"), envelope("{\"b\":1e400}")}});
  EXPECT_EQ(call.what, operation::event_batch);
  EXPECT_EQ(call.target, "/api/events");
  EXPECT_EQ(call.content_type, "application/json");
  EXPECT_EQ(*call.body, "[{ \"a\":1.0},{\"b\":1e400}]");
  EXPECT_TRUE(call.repeatable);
  EXPECT_EQ(*make_event_batch_call(usual_paths, {}).body, "[]");
}

TEST(event_batch, is_a_cloudevents_batch_where_events_are_cloudevents) {
  EXPECT_EQ(make_event_batch_call(usual_paths,
                                  {{envelope("{}")}, event_format::cloudevents})
                .content_type,
            "application/cloudevents-batch+json");
}

TEST(event_batch, is_taken_as_a_whole_where_the_server_lists_nothing) {
  for (const auto* body :
       {"", "{}", "OK", R"({"accepted":3})", R"({"results":null})",
        R"({"results":7})", "[]", R"({"results":[]})"})
    EXPECT_EQ(told_by(body), (list{"a", "b", "c"})) << body;
}

TEST(event_batch, fails_as_a_whole_with_any_other_status) {
  EXPECT_THAT(parse_event_batch_reply(
                  reply(503, R"({"results":[{"id":"a","status":"ok"}]})")),
              fails_with(api_errc::unavailable, "503"));
}

TEST(event_batch, has_an_outcome_for_each_event_by_its_id) {
  EXPECT_EQ(told_by(R"({"results":[{"id":"c","status":"rejected"},
                                   {"id":"a","status":"accepted"},
                                   {"id":"b","status":"Duplicate"}]})"),
            (list{"a", "b", "c!"}));
  EXPECT_EQ(told_by(R"([{"id":"a","status":202},{"id":"b","status":503},
                        {"id":"c","status":400}])"),
            (list{"a", "b?", "c!"}));
}

TEST(event_batch, knows_an_event_by_either_name_of_its_id) {
  EXPECT_EQ(told_by(R"([{"event_id":"b","status":422},
                        {"event_id":"a","status":201},
                        {"event_id":"c","status":201}])"),
            (list{"a", "b!", "c"}));
}

TEST(event_batch, has_them_by_position_where_the_server_names_no_ids) {
  EXPECT_EQ(told_by(R"([{"status":"ok"},{"status":500},{"status":"failed"}])"),
            (list{"a", "b?", "c!"}));
  EXPECT_EQ(told_by(R"([{"status":"ok"},{"status":"ok"}])"),
            (list{"a?", "b?", "c?"}));
}

TEST(event_batch, believes_an_error_more_than_a_status) {
  EXPECT_EQ(told_by(R"([{"id":"a","status":200,"error":"no"},
                  {"id":"b","error":{"status":429,"message":"later"}},
                  {"id":"c","status":"accepted","error":null}])"),
            (list{"a!", "b?", "c"}));
}

TEST(event_batch, loses_no_event_by_a_guess) {
  EXPECT_EQ(told_by(R"([{"id":"a","status":"ok"}])"), (list{"a", "b?", "c?"}));
  EXPECT_EQ(told_by(R"([{"id":"a","status":"maybe"},{"id":"b"},
                        {"id":"c","status":true}])"),
            (list{"a?", "b?", "c?"}));
  EXPECT_EQ(told_by(R"([1,null,"ok"])"), (list{"a?", "b?", "c?"}));
}

TEST(event_batch, keeps_what_the_server_says_of_an_event) {
  const auto batch =
      parse_event_batch_reply(reply(207, R"({"results":[{"id":"a","status":422,
               "error":{"code":"schema","message":"no\ntype"}}]})"));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->outcomes.size(), 1u);
  const auto& error = batch->outcomes.front().error;
  ASSERT_TRUE(error);
  EXPECT_EQ(error->status, 422);
  EXPECT_EQ(error->server_code, "schema");
  EXPECT_EQ(error->message, "no type");
}

TEST(event_batch, of_nothing_has_no_outcomes) {
  EXPECT_THAT(match_outcomes({}, {}), IsEmpty());
}

} // namespace
} // namespace mfo::api
