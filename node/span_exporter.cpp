#include "node/span_exporter.hpp"

#include "api/api_error.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <utility>

namespace mfo::node {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// What an I/O thread that is busy may be late by.
constexpr milliseconds io_lateness{200};

/// The statuses that OTLP/HTTP has a client try again after
/// (opentelemetry-proto, docs/specification.md, "Retryable Response Codes").
bool may_be_tried_again(int status) noexcept {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

} // namespace

config::retry_settings span_exporter::few_tries() {
  using namespace std::chrono_literals;
  config::retry_settings few;
  few.delay = 500ms;
  few.max_delay = 10s;
  few.max_count = 4;
  few.max_duration = 60s;
  few.retry_after_max = 30s;
  return few;
}

std::shared_ptr<span_exporter> span_exporter::make(deps given) {
  std::shared_ptr<span_exporter> made{new span_exporter{std::move(given)}};
  made->deps_.queue->when_batch(
      [weak = std::weak_ptr{made}, &io = made->deps_.io] {
        boost::asio::post(io, [weak] {
          if (const auto self = weak.lock())
            self->look();
        });
      });
  return made;
}

span_exporter::span_exporter(deps given)
  : deps_(std::move(given)), policy_(deps_.retry), turn_(deps_.io),
    retry_(deps_.io) {}

span_exporter::~span_exporter() {
  deps_.queue->close();
  deps_.queue->when_batch({});
}

void span_exporter::adopt(collector to) {
  to_ = std::move(to);
  if (to_.client == nullptr) {
    deps_.queue->close();
    turn_.cancel();
    if (!on_wire_) {
      retry_.cancel();
      deps_.metrics->tracing().dropped(std::exchange(batch_, {}).spans);
    }
    return deps_.queue->drop_all();
  }
  deps_.queue->open({.max_waiting = to_.settings.max_queue,
                     .max_batch = to_.settings.max_batch});
  look_later();
}

void span_exporter::look_later() {
  turn_.expires_after(to_.settings.interval);
  turn_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    // One that was about to be called is not cancelled any more.
    if (error || !self || self->end_ || self->to_.client == nullptr)
      return;
    self->look_later();
    self->look();
  });
}

/// Posts what waits, unless something is under way.
void span_exporter::look() {
  if (batch_.spans > 0 || to_.client == nullptr)
    return;
  const auto spans = deps_.queue->next_batch();
  if (spans.empty())
    return;
  auto resource = deps_.resource;
  resource.emplace_back("service.name", to_.settings.service_name);
  batch_ = {.body = std::make_shared<const std::string>(
                telemetry::to_otlp_json(resource, spans)),
            .spans = spans.size(),
            .began = clock::now()};
  send();
}

void span_exporter::send() {
  ++batch_.tries.count;
  on_wire_ = true;
  asked_ = to_.health;
  sent_ = clock::now();
  auto request = to_.request(batch_.body);
  if (end_)
    request.timeout =
        std::clamp(duration_cast<milliseconds>(*end_ - clock::now()),
                   milliseconds{1}, request.timeout);
  // The client may answer within this call.
  to_.client->send(
      std::move(request),
      [weak = weak_from_this(), &io = deps_.io](http::client_result result) {
        boost::asio::post(io, [weak, result = std::move(result)] {
          if (const auto self = weak.lock())
            self->answered(result);
        });
      });
}

void span_exporter::answered(const http::client_result& result) {
  constexpr int family = 100;
  on_wire_ = false;
  if (!result)
    failed(fmt::format("{}: {}", make_error_code(result.error().code).message(),
                       result.error().detail),
           true, milliseconds{0});
  else if (result->status / family == 2)
    taken(telemetry::rejected_spans(result->body, batch_.spans));
  else
    failed(fmt::format("the collector answered {}", result->status),
           may_be_tried_again(result->status),
           api::retry_after_of(*result, deps_.retry.retry_after_max)
               .value_or(milliseconds{0}));
  end_if_done();
}

void span_exporter::taken(std::size_t rejected) {
  auto& metrics = deps_.metrics->tracing();
  metrics.exported(batch_.spans - rejected);
  if (rejected > 0)
    metrics.refused(rejected);
  batch_ = {};
  if (asked_)
    asked_->succeeded(clock::now(), clock::now() - sent_);
  if (end_ || deps_.queue->has_batch())
    look();
}

void span_exporter::failed(std::string why, bool may_be_tried,
                           milliseconds retry_after) {
  if (asked_)
    asked_->failed(clock::now(), std::move(why));
  batch_.tries.since_first =
      duration_cast<milliseconds>(clock::now() - batch_.began);
  batch_.tries.retry_after = retry_after;
  const auto wait = may_be_tried && !end_ && to_.client != nullptr
                        ? policy_.next_delay(batch_.tries, deps_.uniform())
                        : std::nullopt;
  if (!wait) {
    const auto gone = std::exchange(batch_, {}).spans;
    auto& metrics = deps_.metrics->tracing();
    may_be_tried ? metrics.dropped(gone) : metrics.refused(gone);
    if (end_)
      deps_.queue->drop_all();
    return;
  }
  retry_.expires_after(*wait);
  retry_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    // One that was about to be called is not cancelled any more.
    if (const auto self = weak.lock(); self && !error && !self->on_wire_ &&
                                       self->batch_.spans > 0 &&
                                       self->to_.client != nullptr)
      self->send();
  });
}

void span_exporter::stop(milliseconds longest) {
  const auto done = std::make_shared<std::promise<void>>();
  auto ended = done->get_future();
  boost::asio::post(
      deps_.io, [weak = weak_from_this(), done, end = clock::now() + longest] {
        if (const auto self = weak.lock())
          self->stop_by(end, [done] { done->set_value(); });
      });
  ended.wait_for(longest + io_lateness);
}

void span_exporter::stop_by(clock::time_point end, std::function<void()> done) {
  deps_.queue->close();
  turn_.cancel();
  end_ = end;
  done_ = std::move(done);
  if (batch_.spans == 0)
    look();
  else if (retry_.cancel() > 0)
    send(); // its last try
  if (batch_.spans > 0)
    cut_off_later();
  end_if_done();
}

/// What was under way before was given more time than there is now.
void span_exporter::cut_off_later() {
  turn_.expires_at(*end_);
  turn_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->batch_.spans > 0 && self->to_.client)
      self->to_.client->close();
  });
}

/// The last that is asked of the client closes it, so that nothing of it keeps
/// the I/O context at work.
void span_exporter::end_if_done() {
  if (!end_ || batch_.spans > 0)
    return;
  turn_.cancel();
  if (to_.client)
    std::exchange(to_.client, nullptr)->close();
  if (const auto done = std::exchange(done_, {}))
    done();
}

} // namespace mfo::node
