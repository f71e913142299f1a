#include "actors/batch_call.hpp"

#include "api/events.hpp"
#include "core/event_id.hpp"
#include "core/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

/// What an event has come to that the server did not take.
core::outcome outcome_of(const api::api_error& error,
                         const http::client_response& reply) {
  core::outcome result;
  result.error = error.status != 0          ? core::error_of_reply(error.status)
                 : api::is_transient(error) ? core::errc::upstream_failed
                                            : core::errc::upstream_rejected;
  result.upstream_status = error.status != 0 ? error.status : reply.status;
  result.detail = "of a batch: " + error.message;
  return result;
}

/// Whether a refusal is of the body rather than of the caller or the path.
bool refuses_the_body(int status) noexcept {
  return status == 400 || status == 413 || status == 415 || status == 422;
}

} // namespace

batch_call::batch_call(std::vector<std::unique_ptr<event_call>> events,
                       std::shared_ptr<const config::server_settings> server,
                       call_alone alone)
  : events_(std::move(events)), server_(std::move(server)),
    alone_(std::move(alone)) {
  pack();
}

/// Makes the request of the events as they are.
void batch_call::pack() {
  api::event_batch_request request{.envelopes = {}, .format = server_->format};
  request.envelopes.reserve(events_.size());
  std::string ids;
  for (const auto& each : events_) {
    request.envelopes.push_back(each->body());
    ids.append(each->id()).append(" ");
  }
  call_ = api::make_event_batch_call(server_->paths, request);
  id_ = core::delivery_uuid("batch", ids);
}

http::client_request batch_call::request() const {
  return to_request(call_);
}

api::operation batch_call::operation() const noexcept {
  return call_.what;
}

std::string_view batch_call::id() const noexcept {
  return id_;
}

std::string_view batch_call::traceparent() const noexcept {
  return events_.front()->traceparent();
}

std::string_view batch_call::tracestate() const noexcept {
  return events_.front()->tracestate();
}

server_call::time_point batch_call::deadline() const noexcept {
  return (*std::ranges::min_element(
              events_, {}, [](const auto& each) { return each->deadline(); }))
      ->deadline();
}

bool batch_call::patient() const noexcept {
  return events_.front()->patient();
}

std::size_t batch_call::weight() const noexcept {
  return events_.size();
}

std::optional<core::outcome>
batch_call::settle(const http::client_response& reply, unsigned tries) {
  const auto said = api::parse_event_batch_reply(reply);
  if (!said || said->outcomes.empty())
    return std::nullopt;
  std::vector<std::string> ids;
  for (const auto& each : events_)
    ids.emplace_back(each->id());
  const auto outcomes = api::match_outcomes(*said, ids);
  std::vector<std::unique_ptr<event_call>> left;
  std::optional<core::outcome> last;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    core::outcome result;
    result.upstream_status = reply.status;
    if (const auto& error = outcomes[i].error) {
      result = outcome_of(*error, reply);
      if (api::is_transient(*error)) {
        last = std::move(result);
        left.push_back(std::move(events_[i]));
        continue;
      }
    }
    result.attempts = tries;
    events_[i]->finish(std::move(result), &reply);
  }
  if (left.empty())
    // The events stay: each has its answer, and takes no second one.
    return std::nullopt;
  events_ = std::move(left);
  pack();
  return last;
}

void batch_call::finish(core::outcome result,
                        const http::client_response* reply) {
  auto events = std::move(events_);
  const bool apart = result.error == core::errc::upstream_rejected &&
                     reply != nullptr && refuses_the_body(reply->status);
  for (auto& each : events) {
    if (apart) {
      each->tried(result.attempts);
      alone_(std::move(each));
    } else {
      each->finish(result, reply);
    }
  }
}

} // namespace mfo::actors
