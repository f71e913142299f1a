#include "outbound/call_request.hpp"

#include <gmock/gmock.h>

namespace mfo::outbound {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

taskflow::http_request_call plain_get() {
  return {.method = "GET",
          .url = {},
          .headers = {},
          .body = {},
          .content_type = {},
          .accept_statuses = {}};
}

taskflow::call_failure failure_with(std::string name, std::string value) {
  auto call = plain_get();
  call.headers = {{std::move(name), std::move(value)}};
  const auto request = make_request(std::move(call), "/");
  return request ? taskflow::call_failure{} : request.error();
}

TEST(call_request, holds_what_the_call_says) {
  auto call = plain_get();
  call.method = "POST";
  call.headers = {{"X-A", "1"}, {"Authorization", "Bearer t"}};
  call.body = "{}";
  call.content_type = "application/json";
  const auto request = make_request(std::move(call), "/a?b");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->target, "/a?b");
  EXPECT_THAT(request->headers,
              ElementsAre(Pair("X-A", "1"), Pair("Authorization", "Bearer t"),
                          Pair("Content-Type", "application/json")));
  ASSERT_TRUE(request->body);
  EXPECT_EQ(*request->body, "{}");
}

TEST(call_request, has_no_body_where_there_is_none) {
  const auto request = make_request(plain_get(), "/");
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->body);
  EXPECT_TRUE(request->headers.empty());
}

TEST(call_request, has_one_of_seven_methods) {
  for (const auto* method :
       {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    auto call = plain_get();
    call.method = method;
    EXPECT_TRUE(make_request(std::move(call), "/")) << method;
  }
  for (const auto* method :
       {"CONNECT", "TRACE", "get", "", "GET /", "G\r\nT", "PROPFIND"}) {
    auto call = plain_get();
    call.method = method;
    const auto request = make_request(std::move(call), "/");
    ASSERT_FALSE(request) << method;
    EXPECT_EQ(request.error().code, "bad_request");
    EXPECT_FALSE(request.error().transient);
  }
}

TEST(call_request, leaves_to_the_client_how_the_message_is_sent) {
  for (const auto* name :
       {"Host", "host", "Content-Length", "Transfer-Encoding", "Connection",
        "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect", "User-Agent",
        "HTTP2-Settings", "Proxy-Authorization", "proxy-connection",
        "Proxy-Anything"})
    EXPECT_EQ(failure_with(name, "x").message,
              "the header " + std::string{name} +
                  " is not a taskflow's to set");
}

TEST(call_request, has_headers_of_one_line) {
  for (const auto& value :
       {std::string{"a\r\nX-Evil: s3cret"}, std::string{"s3cret\n"},
        std::string{"s3cret\r"}, std::string{"s3cret\0", 7},
        std::string{"s3cret\x1b"}}) {
    const auto failure = failure_with("X-A", value);
    EXPECT_EQ(failure.code, "bad_request");
    EXPECT_THAT(failure.message, HasSubstr("X-A"));
    EXPECT_THAT(failure.message, Not(HasSubstr("s3cret")));
  }
  for (const auto* name : {"", "X A", "X:", "X\r\nY", "X\xC3\xA9"})
    EXPECT_EQ(failure_with(name, "x").message,
              "the header is no name of a header");
}

TEST(call_request, has_a_type_of_one_line_too) {
  auto call = plain_get();
  call.content_type = "text/plain\r\nX-Evil: 1";
  EXPECT_FALSE(make_request(std::move(call), "/"));
}

} // namespace
} // namespace mfo::outbound
