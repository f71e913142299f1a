#include "http/mfo_api.hpp"

namespace mfo::http {

header_list event_headers(const config::upstream_settings& upstream) {
  header_list headers{{"Content-Type", "application/json"},
                      {"Accept", "application/json"}};
  if (upstream.token)
    headers.emplace_back("Authorization", "Bearer " + upstream.token->reveal());
  return headers;
}

client_request post_event(const core::event& event, const header_list& common) {
  client_request request;
  request.method = "POST";
  request.target = "/api/events";
  request.headers.reserve(common.size() + 2);
  request.headers = common;
  request.headers.emplace_back("Idempotency-Key", event.id);
  request.headers.emplace_back("traceparent", event.traceparent);
  return request;
}

core::errc error_of_failure(client_errc code) noexcept {
  switch (code) {
  case client_errc::connect_timeout:
  case client_errc::timeout:
    return core::errc::upstream_timeout;
  case client_errc::queue_full:
    return core::errc::saturated;
  case client_errc::closed:
    return core::errc::draining;
  case client_errc::reply_broken:
  case client_errc::reply_too_large:
    return core::errc::upstream_failed;
  case client_errc::invalid_request:
    return core::errc::internal_error;
  default:
    return core::errc::upstream_unreachable;
  }
}

} // namespace mfo::http
