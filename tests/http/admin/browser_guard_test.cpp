#include "http/admin/browser_guard.hpp"

#include <gtest/gtest.h>

namespace mfo::http {

namespace {

int status_of(std::string_view host, std::string_view origin = {},
              const browser_rules& rules = {"127.0.0.1", false}) {
  const auto refusal = refuse_page({.method = "POST",
                                    .path = "/api/v1/runs",
                                    .query = {},
                                    .body = {},
                                    .content_type = {},
                                    .host = host,
                                    .origin = origin,
                                    .peer = {}},
                                   rules);
  return refusal ? refusal->status : 0;
}

TEST(a_browser_guard, lets_whoever_asks_this_host_in) {
  for (const auto* host :
       {"localhost", "LocalHost:9090", "127.0.0.1", "127.0.0.1:9090",
        "127.3.2.1", "[::1]", "[::1]:9090"})
    EXPECT_EQ(status_of(host), 0) << host;
}

TEST(a_browser_guard, keeps_names_out_that_somebody_pointed_here) {
  for (const auto* host :
       {"", "evil.example", "evil.example:9090", "localhost.evil.example",
        "127.0.0.1.evil.example", "10.0.0.1", "128.0.0.1", "[::2]", "[::1",
        "0.0.0.0", "localhost@evil.example"})
    EXPECT_EQ(status_of(host), 421) << host;
}

TEST(a_browser_guard, knows_the_name_that_the_listener_was_given) {
  EXPECT_EQ(status_of("node-1.internal:9090", {}, {"node-1.internal", false}),
            0);
  EXPECT_EQ(status_of("node-2.internal:9090", {}, {"node-1.internal", false}),
            421);
}

TEST(a_browser_guard, takes_any_name_from_callers_who_are_known) {
  EXPECT_EQ(status_of("admin.example.com", {}, {"0.0.0.0", true}), 0);
}

TEST(a_browser_guard, keeps_pages_of_others_out) {
  for (const auto* origin :
       {"null", "http://evil.example", "http://127.0.0.1",
        "http://127.0.0.1:9091", "https://127.0.0.1:9090.evil.example",
        "ftp://127.0.0.1:9090", "127.0.0.1:9090", ","}) {
    EXPECT_EQ(status_of("127.0.0.1:9090", origin), 403) << origin;
    EXPECT_EQ(status_of("127.0.0.1:9090", origin, {"0.0.0.0", true}), 403)
        << origin;
  }
  EXPECT_EQ(status_of("", "http://", {"0.0.0.0", true}), 403);
}

TEST(a_browser_guard, lets_its_own_pages_in) {
  EXPECT_EQ(status_of("127.0.0.1:9090", "http://127.0.0.1:9090"), 0);
  EXPECT_EQ(status_of("localhost:9090", "https://LOCALHOST:9090"), 0);
}

} // namespace

} // namespace mfo::http
