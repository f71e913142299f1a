#include "outbound/call_reply.hpp"

#include <gmock/gmock.h>

namespace mfo::outbound {
namespace {

using namespace std::chrono_literals;
using taskflow::call_failure;
using taskflow::json;
using testing::HasSubstr;

http::client_response reply(std::string_view type, std::string body,
                            int status = 200) {
  http::client_response result;
  result.status = status;
  if (!type.empty())
    result.headers = {{"Content-Type", type}};
  result.body = std::move(body);
  return result;
}

json result_of(http::client_response from,
               const std::vector<int>& accept = {}) {
  const auto result = make_result(std::move(from), accept, "a.example");
  return result ? **result : json("failure: " + result.error().message);
}

call_failure failure_of(http::client_response from,
                        const std::vector<int>& accept = {}) {
  const auto result = make_result(std::move(from), accept, "a.example");
  return result ? call_failure{.code = "none", .message = {}} : result.error();
}

TEST(call_reply, holds_status_headers_and_body) {
  EXPECT_EQ(result_of(reply("application/json", R"({"a":[1,2.5,null]})", 201)),
            json::parse(R"({"status": 201,
                            "headers": {"content-type": "application/json"},
                            "body": {"a": [1, 2.5, null]}})"));
}

TEST(call_reply, reads_json_where_the_type_says_so) {
  for (const auto* type :
       {"application/json", "Application/JSON; charset=utf-8", "text/json",
        "application/problem+json", "application/vnd.api+json;v=1",
        " application/json "})
    EXPECT_EQ(result_of(reply(type, "[1]"))["body"], json::array({1})) << type;
  for (const auto* type : {"", "text/plain", "application/jsonp",
                           "application/json-seq", "text/html; a=+json"})
    EXPECT_EQ(result_of(reply(type, "[1]"))["body"], "[1]") << type;
}

TEST(call_reply, has_null_for_json_that_is_not_there) {
  EXPECT_EQ(result_of(reply("application/json", "", 204))["body"], nullptr);
  EXPECT_EQ(result_of(reply("", "", 204))["body"], "");
}

TEST(call_reply, does_not_take_broken_json_for_a_text) {
  for (const auto& body : {std::string{"{\"a\":"}, std::string{"<html>"},
                           std::string{"1e400"}, std::string{"\"\xFF\""},
                           std::string(1000, '[') + std::string(1000, ']')}) {
    const auto failure = failure_of(reply("application/json", body));
    EXPECT_EQ(failure.code, "bad_reply");
    EXPECT_FALSE(failure.transient);
    EXPECT_EQ(failure.status, 200);
    EXPECT_THAT(failure.message, testing::StartsWith("a.example answered 200"));
  }
}

TEST(call_reply, has_bytes_as_base64) {
  EXPECT_EQ(result_of(reply("image/png", "\x89PNG"))["body"],
            json::parse(R"({"base64": "iVBORw=="})"));
  EXPECT_EQ(result_of(reply("text/plain", "gr\xC3\xBC\xC3\x9F"))["body"],
            "gr\xC3\xBC\xC3\x9F");
  auto compressed = reply("application/json", "{}");
  compressed.headers.add("content-encoding", "br");
  EXPECT_EQ(result_of(compressed)["body"],
            json::parse(R"({"base64": "e30="})"));
}

TEST(call_reply, joins_headers_of_one_name) {
  auto from = reply("", "");
  from.headers = {
      {"X-A", "1"},          {"Set-Cookie", "a=1, b"}, {"x-a", "2"},
      {"set-cookie", "c=2"}, {"Latin", "gr\xFC\xDF"},  {"X-A", "3"}};
  EXPECT_EQ(result_of(from)["headers"],
            json::parse(R"({"x-a": "1, 2, 3", "set-cookie": ["a=1, b", "c=2"],
                            "latin": "gr\ufffd\ufffd"})"));
}

TEST(call_reply, has_a_list_for_a_single_cookie) {
  auto from = reply("", "");
  from.headers = {{"Set-Cookie", "a=1"}};
  EXPECT_EQ(result_of(from)["headers"]["set-cookie"], json::array({"a=1"}));
}

TEST(call_reply, may_be_written_as_json_whatever_came) {
  auto from = reply("text/plain", "a\xFF\x00z");
  from.headers.add("X", "\x80\xC0\xAF");
  EXPECT_NO_THROW(result_of(from).dump());
}

TEST(call_reply, is_a_failure_unless_its_status_is_accepted) {
  EXPECT_EQ(failure_of(reply("", "", 299)).code, "none");
  EXPECT_EQ(failure_of(reply("", "", 404), {200, 404}).code, "none");
  const auto failure = failure_of(reply("", "s3cret", 404));
  EXPECT_EQ(failure.code, "http_status");
  EXPECT_EQ(failure.message, "a.example answered 404");
  EXPECT_EQ(failure.status, 404);
  EXPECT_EQ(failure_of(reply("", "", 200), {201}).code, "http_status");
}

TEST(call_reply, says_whether_the_host_said_no_or_may_say_yes_later) {
  for (const int status : {200, 301, 302, 400, 401, 403, 404, 410, 422}) {
    const auto failure = failure_of(reply("", "", status), {299});
    EXPECT_TRUE(failure.refused) << status;
    EXPECT_FALSE(failure.transient) << status;
  }
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 520, 529}) {
    const auto failure = failure_of(reply("", "", status));
    EXPECT_FALSE(failure.refused) << status;
    EXPECT_TRUE(failure.transient) << status;
  }
  for (const int status : {501, 505}) {
    const auto failure = failure_of(reply("", "", status));
    EXPECT_FALSE(failure.refused) << status;
    EXPECT_FALSE(failure.transient) << status;
  }
}

TEST(call_reply, passes_on_when_to_come_again) {
  auto from = reply("", "", 429);
  from.headers = {{"retry-after", "7"}};
  EXPECT_EQ(failure_of(from).retry_after, 7s);
  from.headers = {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                  {"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}};
  EXPECT_EQ(failure_of(from).retry_after, 60s);
  from.headers = {{"Retry-After", "99999999999"}};
  EXPECT_EQ(failure_of(from).retry_after, 24h);
  from.status = 404;
  EXPECT_EQ(failure_of(from).retry_after, 0s);
}

struct meaning {
  http::client_errc from;
  const char* code;
  bool refused;
  bool transient;
};

TEST(call_failure, says_why_there_is_no_reply) {
  using http::client_errc;
  for (const auto& [from, code, refused, transient] : {
           meaning{client_errc::address_refused, "not_allowed", true, false},
           meaning{client_errc::resolve_failed, "dns", false, true},
           meaning{client_errc::connect_failed, "connect", false, true},
           meaning{client_errc::connect_timeout, "timeout", false, true},
           meaning{client_errc::timeout, "timeout", false, true},
           meaning{client_errc::tls_failed, "tls", false, false},
           meaning{client_errc::send_failed, "broken", false, true},
           meaning{client_errc::reply_broken, "broken", false, true},
           meaning{client_errc::reply_too_large, "too_large", false, false},
           meaning{client_errc::queue_full, "busy", false, true},
           meaning{client_errc::closed, "closed", false, true},
           meaning{client_errc::invalid_request, "bad_request", false, false},
       }) {
    const auto failure = make_failure({from, "why"}, "a.example");
    EXPECT_EQ(failure.code, code);
    EXPECT_EQ(failure.refused, refused) << code;
    EXPECT_EQ(failure.transient, transient) << code;
    EXPECT_EQ(failure.message,
              "a.example: " + make_error_code(from).message() + ": why");
  }
}

TEST(call_failure, names_the_host_once) {
  EXPECT_EQ(make_failure({http::client_errc::connect_failed,
                          "a.example: Connection refused"},
                         "a.example")
                .message,
            "a.example: connection failed: Connection refused");
  EXPECT_EQ(make_failure({http::client_errc::closed, ""}, "a.example").message,
            "a.example: client closed");
}

} // namespace
} // namespace mfo::outbound
