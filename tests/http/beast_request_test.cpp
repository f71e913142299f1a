#include "http/beast_request.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace mfo::http {
namespace {

using testing::HasSubstr;

client_request with_header(std::string_view name, std::string_view value) {
  client_request request;
  request.target = "/";
  request.headers = {{name, value}};
  return request;
}

TEST(find_fault, accepts_what_http_allows) {
  EXPECT_EQ(find_fault(with_header("Content-Type", "application/json")), "");
  EXPECT_EQ(find_fault(with_header("X-Tab", "a\tb")), "");
  EXPECT_EQ(find_fault(with_header("X-Empty", "")), "");
  EXPECT_EQ(find_fault(with_header("X-Utf8", "caf\xc3\xa9")), "");
}

TEST(find_fault, refuses_what_would_end_a_line) {
  using namespace std::string_literals;
  for (const auto& value : {"a\rb"s, "a\nb"s, "a\0b"s, "a\x7f"s})
    EXPECT_THAT(find_fault(with_header("X-Id", value)),
                HasSubstr("X-Id has a control character"));
  for (const auto& name : {""s, "a b"s, "a:"s, "a\r\nb"s, "caf\xc3\xa9"s})
    EXPECT_THAT(find_fault(with_header(name, "1")), HasSubstr("not a token"));
  for (const auto& target : {""s, "info"s, "/a b"s, "/a\r\n"s}) {
    client_request request;
    request.target = target;
    EXPECT_THAT(find_fault(request), HasSubstr("target")) << target;
  }
  client_request request;
  request.target = "/";
  request.method = "GET /x";
  EXPECT_THAT(find_fault(request), HasSubstr("method"));
}

TEST(find_fault, keeps_the_clients_own_fields_to_the_client) {
  for (const char* name :
       {"host", "Content-Length", "CONNECTION", "Transfer-Encoding",
        "User-Agent", "proxy-authorization"})
    EXPECT_THAT(find_fault(with_header(name, "1")),
                HasSubstr("the client's to set"));
}

} // namespace
} // namespace mfo::http
