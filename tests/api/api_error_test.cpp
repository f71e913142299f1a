#include "api/api_error.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(api_error, reads_the_documented_shape) {
  const auto error = error_of_reply(reply(
      404,
      R"({"error":{"code":"no_tool","message":"no tool x","status":404}})"));
  EXPECT_EQ(error.code, api_errc::not_found);
  EXPECT_EQ(error.status, 404);
  EXPECT_EQ(error.server_code, "no_tool");
  EXPECT_EQ(error.message, "no tool x");
}

TEST(api_error, reads_a_text) {
  const auto error = error_of_reply(reply(400, R"({"error":"bad input"})"));
  EXPECT_EQ(error.server_code, "");
  EXPECT_EQ(error.message, "bad input");
}

TEST(api_error, reads_a_name_with_an_explanation) {
  auto error = error_of_reply(reply(
      401, R"({"error":"invalid_client","error_description":"who is it?"})"));
  EXPECT_EQ(error.server_code, "invalid_client");
  EXPECT_EQ(error.message, "who is it?");
  error = error_of_reply(
      reply(400, R"({"error":"Bad Request","message":"no key","code":17})"));
  EXPECT_EQ(error.server_code, "17");
  EXPECT_EQ(error.message, "no key");
}

TEST(api_error, reads_problem_details) {
  auto error = error_of_reply(
      reply(403,
            R"({"type":"https://example.com/probs/out-of-credit",)"
            R"("title":"No credit.","detail":"It costs 50.","status":403})",
            {{"Content-Type", "application/problem+json"}}));
  EXPECT_EQ(error.server_code, "out-of-credit");
  EXPECT_EQ(error.message, "It costs 50.");
  error = error_of_reply(
      reply(403, R"({"type":"about:blank","title":"Forbidden"})"));
  EXPECT_EQ(error.server_code, "");
  EXPECT_EQ(error.message, "Forbidden");
}

TEST(api_error, reads_plain_text_and_a_json_string) {
  EXPECT_EQ(error_of_reply(reply(500, "out of\r\nmemory\n")).message,
            "out of memory");
  EXPECT_EQ(
      error_of_reply(reply(500, "no", {{"content-type", "text/plain; a=b"}}))
          .message,
      "no");
  EXPECT_EQ(error_of_reply(reply(500, R"("no")")).message, "no");
}

TEST(api_error, tells_the_status_alone_of_html_and_of_nothing) {
  for (const auto& one :
       {reply(502, "<html><h1>nginx</h1></html>"),
        reply(502, " \n<!doctype html>", {{"Content-Type", "text/plain"}}),
        reply(502, "Sorry!", {{"Content-Type", "Text/HTML; charset=utf-8"}}),
        reply(502, ""), reply(502, "{}"), reply(502, "[1]"),
        reply(502, R"({"error":{}})"), reply(502, R"({"error":[1]})"),
        reply(502, R"({"error":""})"),
        reply(502, "\x89PNG", {{"Content-Type", "image/png"}})})
    EXPECT_EQ(error_of_reply(one).message, "502 Bad Gateway") << one.body;
  EXPECT_EQ(error_of_reply(reply(598)).message, "HTTP 598");
}

TEST(api_error, bounds_and_cleans_what_the_server_says) {
  const std::string much(1 << 20, 'x');
  for (const auto& body :
       {much,
        R"({"error":{"code":")" + much + R"(","message":")" + much + R"("}})",
        R"({"error":")" + much + R"("})", R"({"detail":")" + much + "\"}"}) {
    const auto error = error_of_reply(reply(500, body));
    EXPECT_LE(error.message.size(), 515u);
    EXPECT_GE(error.message.size(), 512u);
    EXPECT_LE(error.server_code.size(), 67u);
  }
  EXPECT_EQ(
      error_of_reply(reply(500, R"({"error":"a\u001b[2Jb\u0000\nlevel=x"})"))
          .message,
      "a [2Jb level=x");
}

TEST(api_error, knows_what_each_status_means) {
  const std::pair<int, api_errc> known[] = {
      {301, api_errc::rejected},      {400, api_errc::rejected},
      {401, api_errc::unauthorized},  {403, api_errc::forbidden},
      {404, api_errc::not_found},     {408, api_errc::unavailable},
      {409, api_errc::rejected},      {410, api_errc::not_found},
      {425, api_errc::unavailable},   {429, api_errc::busy},
      {500, api_errc::server_failed}, {501, api_errc::server_failed},
      {502, api_errc::unavailable},   {503, api_errc::unavailable},
      {504, api_errc::unavailable},   {505, api_errc::server_failed}};
  for (const auto& [status, code] : known)
    EXPECT_EQ(errc_of_status(status), code) << status;
}

TEST(api_error, is_transient_as_the_core_has_it) {
  for (const int status : {408, 425, 429, 500, 502, 503, 504})
    EXPECT_TRUE(is_transient(error_of_reply(reply(status)))) << status;
  for (const int status : {301, 400, 401, 403, 404, 410, 413, 501})
    EXPECT_FALSE(is_transient(error_of_reply(reply(status)))) << status;
  EXPECT_TRUE(is_transient({.code = api_errc::truncated}));
  EXPECT_FALSE(is_transient({.code = api_errc::bad_reply}));
  EXPECT_FALSE(is_transient(invalid_request("x")));
}

TEST(api_error, tells_how_long_to_wait) {
  EXPECT_EQ(error_of_reply(reply(503, "", {{"retry-after", "7"}})).retry_after,
            std::chrono::seconds{7});
  EXPECT_EQ(error_of_reply(reply(503, "", {{"Retry-After", "999999999"}}))
                .retry_after,
            std::chrono::hours{24});
  EXPECT_EQ(error_of_reply(reply(503, "", {{"Retry-After", "x"}})).retry_after,
            std::nullopt);
  EXPECT_EQ(error_of_reply(reply(503)).retry_after, std::nullopt);
}

TEST(api_error, has_a_slug_for_each_code) {
  EXPECT_EQ(to_string(api_errc::invalid_request), "invalid_request");
  EXPECT_EQ(to_string(api_errc::server_failed), "server_failed");
  EXPECT_EQ(to_string(api_errc::failed_in_stream), "failed_in_stream");
}

TEST(failure, tells_a_time_out_from_a_server_that_is_not_there) {
  using http::client_errc;
  EXPECT_EQ(error_of_failure(client_errc::timeout),
            core::errc::upstream_timeout);
  EXPECT_EQ(error_of_failure(client_errc::connect_timeout),
            core::errc::upstream_timeout);
  EXPECT_EQ(error_of_failure(client_errc::connect_failed),
            core::errc::upstream_unreachable);
  EXPECT_EQ(error_of_failure(client_errc::tls_failed),
            core::errc::upstream_unreachable);
  EXPECT_EQ(error_of_failure(client_errc::reply_too_large),
            core::errc::upstream_failed);
  EXPECT_EQ(error_of_failure(client_errc::queue_full), core::errc::saturated);
  EXPECT_EQ(error_of_failure(client_errc::closed), core::errc::draining);
  EXPECT_EQ(error_of_failure(client_errc::invalid_request),
            core::errc::internal_error);
}

} // namespace
} // namespace mfo::api
