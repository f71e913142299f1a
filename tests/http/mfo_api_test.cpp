#include "http/mfo_api.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>

namespace mfo::http {

namespace {

using core::errc;
using header = std::pair<std::string, std::string>;
using testing::ElementsAre;

TEST(event_headers, ask_for_json_in_both_directions) {
  EXPECT_THAT(event_headers({}),
              ElementsAre(header{"Content-Type", "application/json"},
                          header{"Accept", "application/json"}));
}

TEST(event_headers, carry_the_token) {
  config::upstream_settings upstream;
  upstream.token = config::secret{"t0ken"};
  EXPECT_THAT(event_headers(upstream),
              testing::Contains(header{"Authorization", "Bearer t0ken"}));
}

TEST(post_event, names_the_event_and_its_trace) {
  core::event event;
  event.id = "0193";
  event.traceparent = "00-trace-span-01";
  const auto request = post_event(event, {{"Accept", "application/json"}});
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/events");
  EXPECT_THAT(request.headers,
              ElementsAre(header{"Accept", "application/json"},
                          header{"Idempotency-Key", "0193"},
                          header{"traceparent", "00-trace-span-01"}));
}

TEST(error_of_failure, tells_a_slow_server_from_an_absent_one) {
  EXPECT_EQ(error_of_failure(client_errc::timeout), errc::upstream_timeout);
  EXPECT_EQ(error_of_failure(client_errc::connect_timeout),
            errc::upstream_timeout);
  EXPECT_EQ(error_of_failure(client_errc::resolve_failed),
            errc::upstream_unreachable);
  EXPECT_EQ(error_of_failure(client_errc::connect_failed),
            errc::upstream_unreachable);
  EXPECT_EQ(error_of_failure(client_errc::tls_failed),
            errc::upstream_unreachable);
  EXPECT_EQ(error_of_failure(client_errc::send_failed),
            errc::upstream_unreachable);
}

TEST(error_of_failure, tells_a_bad_reply) {
  EXPECT_EQ(error_of_failure(client_errc::reply_broken), errc::upstream_failed);
  EXPECT_EQ(error_of_failure(client_errc::reply_too_large),
            errc::upstream_failed);
}

TEST(error_of_failure, tells_what_lies_with_this_node) {
  EXPECT_EQ(error_of_failure(client_errc::queue_full), errc::saturated);
  EXPECT_EQ(error_of_failure(client_errc::closed), errc::draining);
  EXPECT_EQ(error_of_failure(client_errc::invalid_request),
            errc::internal_error);
}

} // namespace

} // namespace mfo::http
