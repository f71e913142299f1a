#include "actors/connector_calls.hpp"

#include "core/envelope.hpp"

#include <utility>

namespace mfo::actors {

namespace {

core::outcome unanswered() {
  return core::refused(core::errc::internal_error, "the connector failed");
}

constexpr const char* media_type(config::event_format format) noexcept {
  return format == config::event_format::cloudevents
             ? "application/cloudevents+json"
             : "application/json";
}

} // namespace

http::client_request to_request(const api::call& call) {
  http::client_request request;
  request.method = call.method;
  request.target = call.target;
  if (!call.content_type.empty())
    request.headers.add("Content-Type", call.content_type);
  request.headers.add("Accept", call.accept);
  request.body = call.body;
  return request;
}

event_call::event_call(core::event_ptr event, outcome_promise sender,
                       std::shared_ptr<const config::server_settings> server)
  : event_(std::move(event)), sender_(std::move(sender)),
    server_(std::move(server)) {
  body_ =
      server_->format == config::event_format::cloudevents
          ? std::make_shared<const std::string>(core::to_cloud_event(*event_))
          : core::body_of(event_);
}

event_call::~event_call() {
  if (sender_.pending())
    finish(unanswered(), nullptr);
}

http::client_request event_call::request() const {
  http::client_request request;
  request.method = "POST";
  request.target = server_->paths.events;
  request.headers.add("Content-Type", media_type(server_->format));
  request.headers.add("Accept", "application/json");
  request.body = body_;
  // What a server adds to saying that it has the event, nobody reads.
  request.status_is_enough = true;
  return request;
}

api::operation event_call::operation() const noexcept {
  return api::operation::event;
}

std::string_view event_call::id() const noexcept {
  return event_->id;
}

std::string_view event_call::traceparent() const noexcept {
  return event_->traceparent;
}

std::string_view event_call::tracestate() const noexcept {
  return event_->tracestate;
}

server_call::time_point event_call::deadline() const noexcept {
  return event_->deadline;
}

bool event_call::patient() const noexcept {
  return event_->endpoint->ack != config::ack_mode::completed;
}

std::chrono::milliseconds event_call::lifetime() const noexcept {
  return event_->endpoint->lifetime;
}

void event_call::tried(unsigned tries) noexcept {
  tries_before_ += tries;
}

void event_call::finish(core::outcome result, const http::client_response*) {
  // Pending is false after a move, and after an answer.
  if (!sender_.pending())
    return;
  result.attempts += tries_before_;
  sender_.deliver(std::move(result));
}

api_call::api_call(api_request_ptr request, api_promise sender)
  : request_(std::move(request)), sender_(std::move(sender)) {}

api_call::~api_call() {
  if (sender_.pending())
    finish(unanswered(), nullptr);
}

http::client_request api_call::request() const {
  auto request = to_request(request_->call);
  if (request_->on_data)
    request.on_data = [owner = request_,
                       streamed = streamed_](std::string_view piece) {
      streamed->store(true);
      owner->on_data(piece);
    };
  return request;
}

api::operation api_call::operation() const noexcept {
  return request_->call.what;
}

std::string_view api_call::id() const noexcept {
  return request_->id;
}

std::string_view api_call::traceparent() const noexcept {
  return request_->traceparent;
}

std::string_view api_call::tracestate() const noexcept {
  return request_->tracestate;
}

server_call::time_point api_call::deadline() const noexcept {
  return request_->deadline;
}

bool api_call::repeatable() const noexcept {
  return request_->call.repeatable;
}

bool api_call::answered_in_part() const noexcept {
  return streamed_->load();
}

void api_call::finish(core::outcome result,
                      const http::client_response* reply) {
  if (!sender_.pending())
    return;
  auto answer = std::make_shared<api_result>();
  answer->outcome = std::move(result);
  if (reply != nullptr)
    answer->reply = *reply;
  sender_.deliver(api_result_ptr{std::move(answer)});
}

} // namespace mfo::actors
