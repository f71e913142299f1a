#include "actors/mfo_connector.hpp"

#include "actors/stage.hpp"
#include "core/retry_after.hpp"
#include "http/mfo_api.hpp"

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

using std::chrono::milliseconds;
using self_pointer = mfo_connector_impl::stateful_pointer<mfo_connector_state>;

milliseconds time_left(self_pointer self, const core::event& event) {
  return std::chrono::duration_cast<milliseconds>(event.deadline -
                                                  self->clock().now());
}

/// What a try has come to: the outcome if it was the last one.
struct judgement {
  core::outcome outcome;
  bool transient = false;
  telemetry::try_result label = telemetry::try_result::success;
};

judgement judge_reply(const http::client_response& reply,
                      milliseconds longest_wait) {
  judgement result;
  result.outcome.upstream_status = reply.status;
  result.label = telemetry::result_of_status(reply.status);
  const auto kind = core::classify_reply(reply.status);
  if (kind == core::reply_class::accepted)
    return result;
  result.transient = kind == core::reply_class::transient;
  result.outcome.error = core::error_of_reply(reply.status);
  result.outcome.retry_after = core::parse_retry_after(
      http::find_header(reply.headers, "Retry-After"), longest_wait);
  result.outcome.detail = "the server answered " + std::to_string(reply.status);
  return result;
}

judgement judge_failure(const http::client_error& failure) {
  judgement result;
  result.transient = failure.code != http::client_errc::closed &&
                     failure.code != http::client_errc::invalid_request;
  result.outcome.error = http::error_of_failure(failure.code);
  result.outcome.detail =
      make_error_code(failure.code).message() + ": " + failure.detail;
  result.label = *result.outcome.error == core::errc::upstream_timeout
                     ? telemetry::try_result::timeout
                     : telemetry::try_result::transport_error;
  return result;
}

void begin_try(self_pointer self, std::uint64_t number) {
  auto& state = self->state;
  auto& it = state.deliveries.at(number);
  const auto& upstream = state.deps->upstream;
  const auto left = time_left(self, *it.event);
  ++it.attempts;
  it.try_began = self->clock().now();
  auto request = http::post_event(*it.event, state.common_headers);
  request.body = core::body_of(it.event);
  request.timeout = std::clamp(left, milliseconds{1}, upstream.request_timeout);
  // Runs on the I/O thread; the handle keeps the actor's address, not its
  // state, alive.
  state.deps->client->send(
      std::move(request),
      [me = caf::actor_cast<mfo_connector_impl>(self), number](auto result) {
        caf::anon_send(
            me, reply_atom::value, number,
            std::make_shared<const http::client_result>(std::move(result)));
      });
}

void end_delivery(mfo_connector_state& state, std::uint64_t number,
                  core::outcome result) {
  auto node = state.deliveries.extract(number);
  result.attempts = node.mapped().attempts;
  node.mapped().finish(std::move(result));
}

void note(mfo_connector_state& state, const delivery& it,
          const judgement& verdict, std::chrono::steady_clock::time_point now) {
  const auto& [upstream, client, health, observer, uniform] = *state.deps;
  observer.metrics->upstream_try(verdict.label, now - it.try_began,
                                 it.attempts > 1);
  // A permanent refusal is the event's fault, not the server's.
  if (verdict.transient)
    health->failed(verdict.outcome.detail);
  else if (verdict.outcome.upstream_status != 0)
    health->succeeded(now);
  observer.log->debug("try ended",
                      {{"event_id", it.event->id},
                       {"stage", mfo_connector_state::name},
                       {"attempt", it.attempts},
                       {"upstream_status", verdict.outcome.upstream_status},
                       {"detail", verdict.outcome.detail}});
}

void end_try(self_pointer self, std::uint64_t number,
             const http::client_result& result) {
  auto& state = self->state;
  const auto found = state.deliveries.find(number);
  if (found == state.deliveries.end())
    return;
  auto& it = found->second;
  const auto left = time_left(self, *it.event);
  auto verdict =
      result ? judge_reply(*result, state.deps->upstream.retry.max_delay)
             : judge_failure(result.error());
  note(state, it, verdict, self->clock().now());
  if (verdict.transient) {
    const auto delay = state.retry->next_delay(
        it.attempts, state.deps->uniform(), verdict.outcome.retry_after, left);
    if (delay) {
      self->delayed_send(self, *delay, retry_atom::value, number);
      return;
    }
  }
  end_delivery(state, number, std::move(verdict.outcome));
}

} // namespace

delivery::delivery(core::event_ptr ev, promise sender)
  : event(std::move(ev)), sender_(std::move(sender)) {}

delivery::~delivery() {
  finish(core::refused(core::errc::internal_error, "the connector failed"));
}

void delivery::finish(core::outcome result) {
  // Pending is false after a move, and after an answer.
  if (sender_.pending())
    sender_.deliver(std::move(result));
}

mfo_connector_impl::behavior_type
mfo_connector(self_pointer self,
              std::shared_ptr<const mfo_connector_deps> deps) {
  end_on_exception(self, deps->observer.log);
  auto& state = self->state;
  state.retry = std::make_unique<core::retry_policy>(deps->upstream.retry);
  state.common_headers = http::event_headers(deps->upstream);
  state.deps = std::move(deps);
  return {
      [self](const core::event_ptr& event) {
        auto promise = self->make_response_promise<core::outcome>();
        const auto number = ++self->state.last_number;
        self->state.deliveries.emplace(number, delivery{event, promise});
        begin_try(self, number);
        return promise;
      },
      [self](reply_atom, std::uint64_t number,
             const client_result_ptr& result) {
        end_try(self, number, *result);
      },
      [self](retry_atom, std::uint64_t number) {
        if (self->state.deliveries.contains(number))
          begin_try(self, number);
      },
  };
}

} // namespace mfo::actors
