#include "actors/try_judgement.hpp"

#include <gtest/gtest.h>

namespace mfo::actors {
namespace {

using namespace std::chrono_literals;
using core::call_result;
using core::reply_class;
using http::client_errc;

constexpr try_terms fair{
    .retry_after_max = 1min, .given = 10s, .fair_time = 1s};
constexpr try_terms unfair{
    .retry_after_max = 1min, .given = 999ms, .fair_time = 1s};

try_judgement of_status(int status, http::header_list headers = {}) {
  return judge_try(http::client_response{status, std::move(headers), {}}, fair);
}

try_judgement of_failure(client_errc code, bool sent = true,
                         const try_terms& terms = fair) {
  return judge_try(tl::unexpected{http::client_error{
                       .code = code, .detail = "d", .sent = sent}},
                   terms);
}

TEST(a_reply, is_judged_by_its_status) {
  const struct {
    int status;
    reply_class kind;
    call_result result;
    bool may_have_acted;
  } table[]{
      {200, reply_class::accepted, call_result::succeeded, false},
      {302, reply_class::permanent, call_result::refused, true},
      {400, reply_class::permanent, call_result::refused, true},
      {401, reply_class::unauthorized, call_result::refused, true},
      {408, reply_class::transient, call_result::failed, false},
      {410, reply_class::gone, call_result::refused, true},
      {425, reply_class::transient, call_result::failed, false},
      {429, reply_class::transient, call_result::overloaded, false},
      {500, reply_class::transient, call_result::failed, true},
      {502, reply_class::transient, call_result::failed, true},
      {503, reply_class::transient, call_result::overloaded, false},
      {504, reply_class::transient, call_result::failed, true},
  };
  for (const auto& row : table) {
    const auto it = of_status(row.status);
    EXPECT_EQ(it.kind, row.kind) << row.status;
    EXPECT_EQ(it.result, row.result) << row.status;
    EXPECT_EQ(it.may_have_acted, row.may_have_acted) << row.status;
    EXPECT_EQ(it.outcome.upstream_status, row.status);
  }
}

TEST(a_reply, may_ask_for_time_up_to_a_bound) {
  EXPECT_EQ(of_status(503, {{"Retry-After", "2"}}).outcome.retry_after, 2s);
  EXPECT_EQ(of_status(503, {{"Retry-After", "1.5"}}).outcome.retry_after,
            1500ms);
  EXPECT_EQ(of_status(503, {{"Retry-After", "600"}}).outcome.retry_after, 1min);
  EXPECT_EQ(of_status(503, {{"Retry-After", "soon"}}).outcome.retry_after, 0s);
}

TEST(a_reply, may_ask_for_time_by_a_date_of_its_own_clock) {
  EXPECT_EQ(of_status(503, {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                            {"Retry-After", "Sun, 06 Nov 1994 08:49:40 GMT"}})
                .outcome.retry_after,
            3s);
  EXPECT_EQ(of_status(503, {{"Retry-After", "Sun, 06 Nov 2094 08:49:40 GMT"}})
                .outcome.retry_after,
            0s)
      << "nobody knows what time it is there";
}

TEST(a_failure, is_worth_another_try_unless_it_is_ours) {
  for (const auto code : {client_errc::connect_failed, client_errc::timeout,
                          client_errc::reply_broken, client_errc::tls_failed})
    EXPECT_EQ(of_failure(code).kind, reply_class::transient);
  for (const auto code : {client_errc::closed, client_errc::invalid_request}) {
    EXPECT_EQ(of_failure(code).kind, reply_class::permanent);
    EXPECT_EQ(of_failure(code).result, call_result::ignored);
  }
}

TEST(a_failure, tells_whether_the_server_may_have_acted) {
  EXPECT_FALSE(of_failure(client_errc::timeout, false).may_have_acted);
  EXPECT_TRUE(of_failure(client_errc::timeout, true).may_have_acted);
}

TEST(a_time_out, is_a_sign_of_too_much_load) {
  EXPECT_EQ(of_failure(client_errc::timeout).result, call_result::overloaded);
  EXPECT_EQ(of_failure(client_errc::timeout).label,
            telemetry::try_result::timeout);
}

TEST(a_time_out, says_nothing_of_a_server_that_had_too_little_time) {
  const auto it = of_failure(client_errc::timeout, true, unfair);
  EXPECT_EQ(it.result, call_result::ignored);
  EXPECT_EQ(it.kind, reply_class::transient) << "the call goes on as ever";
  EXPECT_EQ(it.outcome.error, core::errc::upstream_timeout);
  EXPECT_EQ(it.label, telemetry::try_result::timeout);
  EXPECT_TRUE(it.may_have_acted);
  EXPECT_EQ(of_failure(client_errc::timeout, true, {1min, 1s, 1s}).result,
            call_result::overloaded)
      << "just enough";
}

TEST(any_other_failure, counts_however_little_time_there_was) {
  for (const auto code : {client_errc::connect_failed, client_errc::tls_failed,
                          client_errc::reply_broken})
    EXPECT_EQ(of_failure(code, true, unfair).result, call_result::failed);
  EXPECT_EQ(of_failure(client_errc::connect_timeout, false, unfair).result,
            call_result::overloaded)
      << "it had the whole connect time-out";
  EXPECT_EQ(judge_try(http::client_response{503, {}, {}, {}}, unfair).result,
            call_result::overloaded);
}

TEST(the_fair_time, is_a_second_or_half_of_what_the_call_had) {
  EXPECT_EQ(fair_time_of(10s, 5min), 1s);
  EXPECT_EQ(fair_time_of(10s, 600ms), 300ms);
  EXPECT_EQ(fair_time_of(10s, 150ms), 100ms);
  EXPECT_EQ(fair_time_of(10s, 100ms), 90ms) << "or none would ever count";
  EXPECT_EQ(fair_time_of(10s, 20ms), 18ms);
  EXPECT_EQ(fair_time_of(10s, -20ms), 0ms) << "it came too late";
  EXPECT_EQ(fair_time_of(400ms, 5min), 400ms) << "no try gets more";
  EXPECT_EQ(fair_time_of(10ms, 20ms), 10ms);
}

} // namespace
} // namespace mfo::actors
