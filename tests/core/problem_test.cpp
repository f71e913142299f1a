#include "core/problem.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace mfo::core {

namespace {

using nlohmann::json;

TEST(problem, is_what_rfc_9457_says_for_every_error) {
  for (const auto& each : all_errors()) {
    const auto problem = json::parse(problem_json(each.code, "the-id"));
    const json expected{{"type", "urn:mfo:problem:" + std::string{each.slug}},
                        {"title", each.title},
                        {"status", each.status},
                        {"detail", each.detail},
                        {"event_id", "the-id"}};
    EXPECT_EQ(problem, expected);
  }
}

TEST(problem, is_shown_byte_for_byte) {
  EXPECT_EQ(problem_json(errc::method_not_allowed, "0193"),
            R"({"type":"urn:mfo:problem:method_not_allowed",)"
            R"("title":"Method not allowed","status":405,)"
            R"("detail":"Send events with a method that the field Allow )"
            R"(names.","event_id":"0193"})");
}

TEST(problem, escapes_the_id) {
  const std::string id{"\"},\n{\\"};
  EXPECT_EQ(json::parse(problem_json(errc::saturated, id))["event_id"], id);
}

TEST(problem, tells_where_a_payload_breaks_which_rule) {
  const std::vector<violation> found{{"/a/b", "type"},
                                     {"", "required: \"id\""}};
  const auto problem =
      json::parse(problem_json(errc::schema_violation, "the-id", found));
  EXPECT_EQ(problem["violations"],
            (json{{{"pointer", "/a/b"}, {"rule", "type"}},
                  {{"pointer", ""}, {"rule", "required: \"id\""}}}));
  EXPECT_EQ(problem["event_id"], "the-id");
}

TEST(problem, is_sound_json_whatever_names_a_payload_has) {
  const std::vector<violation> found{{"/\"\\\n\xff", "type"}};
  const auto problem =
      json::parse(problem_json(errc::schema_violation, "the-id", found));
  EXPECT_EQ(problem["violations"][0]["pointer"], "/\"\\\n\xef\xbf\xbd");
}

TEST(completed, tells_the_event_id) {
  EXPECT_EQ(accepted_json("0193", "completed"),
            R"({"event_id":"0193","status":"completed"})");
  EXPECT_EQ(json::parse(accepted_json("a\"b", "received"))["event_id"], "a\"b");
}

} // namespace

} // namespace mfo::core
