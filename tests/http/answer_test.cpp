#include "http/answer.hpp"

#include "core/problem.hpp"

#include <gmock/gmock.h>

#include <string>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using core::errc;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(answer, to_a_delivered_event_is_202) {
  const auto value = make_answer({}, "0193");
  EXPECT_EQ(value.status, 202);
  EXPECT_EQ(value.media_type, "application/json");
  EXPECT_EQ(value.body, R"({"event_id":"0193","status":"completed"})");
  EXPECT_EQ(value.retry_after, 0s);
  EXPECT_FALSE(value.close);
}

TEST(answer, to_each_error_is_a_problem) {
  for (const auto& each : core::all_errors()) {
    if (each.status < 400)
      continue;
    const auto value = make_answer(core::refused(each.code, "secret"), "0193");
    EXPECT_EQ(value.status, each.status);
    EXPECT_EQ(value.media_type, "application/problem+json");
    EXPECT_EQ(value.body, core::problem_json(each.code, "0193"));
    EXPECT_EQ(value.retry_after > 0s, each.retry_after) << each.slug;
    EXPECT_THAT(value.body, Not(HasSubstr("secret")));
  }
}

TEST(answer, to_a_payload_against_its_schema_says_what_is_wrong) {
  auto result = core::refused(errc::schema_violation);
  result.violations = {{"/a/b", "type"}, {"", "required: id"}};
  const auto value = make_answer(result, "0193");
  EXPECT_EQ(value.status, 422);
  EXPECT_EQ(value.media_type, "application/problem+json");
  EXPECT_THAT(value.body, HasSubstr(R"("violations":[{"pointer":"/a/b",)"
                                    R"("rule":"type"},{"pointer":"",)"
                                    R"("rule":"required: id"}])"));
}

TEST(answer, to_a_duplicate_says_that_it_is_one) {
  const auto value = make_answer(core::refused(errc::duplicate), "0193");
  EXPECT_EQ(value.status, 200);
  EXPECT_EQ(value.body, R"({"event_id":"0193","status":"duplicate"})");
}

TEST(answer, to_a_handshake_is_what_the_sender_wants_to_hear) {
  auto result = core::refused(errc::handshake);
  result.reply = R"({"challenge":"x"})";
  const auto value = make_answer(result, "0193");
  EXPECT_EQ(value.status, 200);
  EXPECT_EQ(value.media_type, "application/json");
  EXPECT_EQ(value.body, R"({"challenge":"x"})");
}

TEST(answer, to_an_event_of_nobody_says_how_to_prove_who_one_is) {
  auto result = core::refused(errc::bad_signature);
  result.challenge = "Bearer";
  using field = std::pair<std::string, std::string>;
  EXPECT_THAT(make_answer(result, "0193").fields,
              testing::ElementsAre(field{"WWW-Authenticate", "Bearer"}));
}

TEST(answer, allows_post_where_the_method_was_wrong) {
  EXPECT_EQ(make_refusal(errc::method_not_allowed, "").allow, "POST");
  EXPECT_EQ(make_refusal(errc::not_found, "").allow, "");
}

TEST(answer, ends_the_connection_of_a_node_that_stops) {
  EXPECT_TRUE(make_refusal(errc::draining, "").close);
  EXPECT_FALSE(make_refusal(errc::saturated, "").close);
}

TEST(answer, says_to_wait_as_long_as_the_server_asked) {
  const auto wait = [](std::chrono::milliseconds asked) {
    core::outcome result = core::refused(errc::upstream_busy);
    result.retry_after = asked;
    return make_answer(result, "").retry_after;
  };
  EXPECT_EQ(wait(0ms), 1s);
  EXPECT_EQ(wait(1ms), 1s);
  EXPECT_EQ(wait(2'000ms), 2s);
  EXPECT_EQ(wait(2'001ms), 3s) << "never sooner than was asked";
}

TEST(answer, does_not_say_to_wait_where_that_does_not_help) {
  core::outcome result = core::refused(errc::upstream_failed);
  result.retry_after = 5s;
  EXPECT_EQ(make_answer(result, "").retry_after, 0s);
}

constexpr std::chrono::sys_seconds at_noon =
    std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 12h;

TEST(message, is_a_whole_http_message_that_closes) {
  EXPECT_EQ(to_message({.status = 413,
                        .media_type = "application/problem+json",
                        .body = "{\"a\":1}",
                        .close = true},
                       at_noon),
            "HTTP/1.1 413 Payload Too Large\r\n"
            "Date: Sun, 06 Nov 1994 12:00:00 GMT\r\n"
            "Content-Type: application/problem+json\r\n"
            "Content-Length: 7\r\n"
            "Connection: close\r\n"
            "\r\n"
            "{\"a\":1}");
}

TEST(message, says_that_the_connection_goes_on_where_it_does) {
  EXPECT_EQ(to_message({.body = "{}"}, at_noon),
            "HTTP/1.1 202 Accepted\r\n"
            "Date: Sun, 06 Nov 1994 12:00:00 GMT\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 2\r\n"
            "Connection: keep-alive\r\n"
            "\r\n"
            "{}");
}

TEST(message, has_retry_after_and_allow_where_they_are_set) {
  const auto text = to_message(
      {.status = 503, .body = "x", .retry_after = 7s, .allow = "POST"},
      at_noon);
  EXPECT_THAT(text, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nRetry-After: 7\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nAllow: POST\r\n"));
  EXPECT_TRUE(text.ends_with("\r\n\r\nx"));
}

TEST(message, has_the_fields_of_its_answer) {
  EXPECT_THAT(
      to_message({.status = 200, .fields = {{"X-A", "1"}, {"X-B", "2"}}},
                 at_noon),
      HasSubstr("\r\nX-A: 1\r\nX-B: 2\r\n\r\n"));
}

TEST(message, has_a_reason_for_every_status_of_the_registry) {
  for (const auto& each : core::all_errors())
    EXPECT_THAT(to_message(make_refusal(each.code, ""), at_noon),
                Not(HasSubstr("Unknown")))
        << each.slug;
}

} // namespace

} // namespace mfo::http
