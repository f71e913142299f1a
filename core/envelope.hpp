#pragma once

#include "core/event.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace mfo::core {

/// What the listener knows of a request that may become an event. Views are
/// valid during the call only.
struct request_view {
  std::string_view id{}; ///< empty: make_event_id's
  std::string_view payload{};
  header_fields fields{};
  std::string_view target{};
  std::string_view type{};         ///< empty: the endpoint's own
  std::string_view source{};       ///< empty: the endpoint
  std::string_view delivery_id{};  ///< of the endpoint's delivery id header
  std::string_view ordering_key{}; ///< in a header; of any length
  std::string_view traceparent{};
  std::string_view tracestate{}; ///< looked at with a valid traceparent only
  std::string_view content_type{};
  config::ip_address client{};
  bool proven = false; ///< see event
  unsigned hops = 0;
};

/// The moment of admission, by both clocks.
struct instant {
  std::chrono::milliseconds unix_time;
  std::chrono::steady_clock::time_point steady;
};

/// 64 random bits a call; need not be unpredictable.
using random_source = std::function<std::uint64_t()>;

/// Who makes events: the parts that are the same for all of them.
struct event_origin {
  std::string node_name;
  std::shared_ptr<stage_depths> depths;
  random_source random;
  core::generation_ptr generation{};
  double sample_ratio = 0; ///< of new traces, 0 to 1
};

/// Makes an event of a request: its id, its deadline and its envelope, as
/// docs/reference/event.md shows it. Copies the payload once.
event_ptr make_event(request_view request,
                     std::shared_ptr<const config::endpoint_settings> endpoint,
                     const event_origin& origin, instant now);

/// What the body of a genuine request turned out to hold: one event. Views are
/// valid during the call only.
struct finding {
  std::string_view payload{};      ///< one JSON text
  std::string_view type{};         ///< empty: the endpoint's own
  std::string_view source{};       ///< empty: the endpoint
  std::string_view delivery_id{};  ///< empty: what the head said
  std::string_view ordering_key{}; ///< empty: what the head said
  std::string_view cloud_event{};  ///< its context attributes, a JSON object
  std::size_t number = 0;          ///< among those of the same request, from 0
};

/// The event in place of `received`, proven. It has the id of `received`
/// unless the finding names another, and its deadline and trace; all but the
/// first have a span of their own in it.
event_ptr refine(const event& received, const finding& found);

/// What comes of an event: another one.
struct consequence {
  std::string_view payload{}; ///< one JSON text
  std::string_view type{};
  std::string_view source{};
  /// What it is, among all that comes of its cause: the same cause and name
  /// give the same id.
  std::string_view name{};
};

/// The event that `what` says. It has the deadline and the trace of its cause,
/// the cause's metadata, and its id among them as `caused_by`. Proven. It runs
/// in no order: its cause has not ended.
event_ptr derive(const event& cause, const consequence& what);

/// The sender's own id of the delivery, as the event's metadata have it; empty:
/// there is none. In the memory of `used`, as far as that goes.
std::string delivery_id_of(const event& ev, std::string used = {});

/// The event as a CloudEvent in structured mode (CloudEvents 1.0, JSON format),
/// its trace by the distributed tracing extension; the payload as received.
std::string to_cloud_event(const event& ev);

/// The id that `make_event` would give, for an answer without an event.
std::string make_event_id(std::string_view endpoint_id,
                          std::string_view delivery_id, instant now,
                          const random_source& random);

} // namespace mfo::core
