#include "actors/try_judgement.hpp"

#include "api/api_error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::actors {

namespace {

using core::errc;
using std::chrono::milliseconds;

constexpr milliseconds least_fair_time{100};
constexpr milliseconds most_fair_time{1'000};

bool is_overload(int status) noexcept {
  return status == 429 || status == 503;
}

/// Whether a server that answers so has done nothing with the request.
bool did_nothing(int status) noexcept {
  return status == 408 || status == 425 || is_overload(status);
}

try_judgement judge_reply(const http::client_response& reply,
                          milliseconds retry_after_max) {
  try_judgement result;
  result.outcome.upstream_status = reply.status;
  result.label = telemetry::result_of_status(reply.status);
  result.kind = core::classify_reply(reply.status);
  if (result.kind == core::reply_class::accepted)
    return result;
  result.result = !core::breaker_counts(reply.status)
                      ? core::call_result::refused
                  : is_overload(reply.status) ? core::call_result::overloaded
                                              : core::call_result::failed;
  result.may_have_acted = !did_nothing(reply.status);
  result.outcome.error = core::error_of_reply(reply.status);
  result.outcome.retry_after =
      api::retry_after_of(reply, retry_after_max).value_or(milliseconds{0});
  result.outcome.detail = fmt::format("the server answered {}", reply.status);
  return result;
}

try_judgement judge_failure(const http::client_error& failure,
                            const try_terms& terms) {
  try_judgement result;
  const bool own = failure.code == http::client_errc::closed ||
                   failure.code == http::client_errc::cancelled ||
                   failure.code == http::client_errc::invalid_request ||
                   failure.code == http::client_errc::queue_full;
  const bool unfair = failure.code == http::client_errc::timeout &&
                      terms.given < terms.fair_time;
  result.outcome.error = api::error_of_failure(failure.code);
  result.outcome.detail =
      make_error_code(failure.code).message() + ": " + failure.detail;
  const bool timeout = *result.outcome.error == errc::upstream_timeout;
  result.kind = failure.code == http::client_errc::closed ||
                        failure.code == http::client_errc::cancelled ||
                        failure.code == http::client_errc::invalid_request
                    ? core::reply_class::permanent
                    : core::reply_class::transient;
  result.result = own || unfair ? core::call_result::ignored
                  : timeout     ? core::call_result::overloaded
                                : core::call_result::failed;
  result.may_have_acted = failure.sent;
  result.label = timeout ? telemetry::try_result::timeout
                         : telemetry::try_result::transport_error;
  return result;
}

} // namespace

try_judgement judge_try(const http::client_result& result,
                        const try_terms& terms) {
  return result ? judge_reply(*result, terms.retry_after_max)
                : judge_failure(result.error(), terms);
}

milliseconds fair_time_of(milliseconds request_timeout,
                          std::chrono::steady_clock::duration own_time) {
  const auto own = std::max(std::chrono::duration_cast<milliseconds>(own_time),
                            milliseconds{0});
  const auto least = std::min(least_fair_time, own * 9 / 10);
  return std::min(request_timeout, std::clamp(own / 2, least, most_fair_time));
}

} // namespace mfo::actors
