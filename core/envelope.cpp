#include "core/envelope.hpp"

#include "core/event_id.hpp"
#include "core/json_check.hpp"
#include "core/json_text.hpp"
#include "core/rfc3339.hpp"
#include "core/trace_context.hpp"

#include <utility>

namespace mfo::core {

namespace {

/// Longer header values are cut: they are labels for people, and must not let
/// a sender multiply what an event costs.
constexpr std::size_t max_label = 256;

/// All that the envelope holds but the payload: fixed text, id, time stamp,
/// labels. A good guess saves a reallocation, a bad one costs one.
constexpr std::size_t usual_overhead = 512;

void append_member(std::string& out, std::string_view name,
                   std::string_view value) {
  out.append(",\"").append(name).append("\":");
  append_json_string(out, value.substr(0, max_label));
}

std::string source_of(const config::endpoint_settings& endpoint) {
  return "webhook/" + endpoint.id;
}

} // namespace

std::string make_event_id(std::string_view endpoint_id,
                          std::string_view delivery_id, instant now,
                          const random_source& random) {
  if (!delivery_id.empty())
    return delivery_uuid(endpoint_id, delivery_id);
  const auto high = random();
  return uuid_v7(now.unix_time, high, random());
}

event_ptr make_event(const request_view& request,
                     std::shared_ptr<const config::endpoint_settings> endpoint,
                     const event_origin& origin, instant now) {
  const auto& random = origin.random;
  auto ev = std::make_shared<event>();
  ev->id = make_event_id(endpoint->id, request.delivery_id, now, random);
  ev->signature = request.signature;
  const auto span = random();
  const auto trace_high = random();
  ev->traceparent =
      make_traceparent(request.traceparent, span, trace_high, random());
  ev->received_at = now.steady;
  ev->received_unix = now.unix_time;
  ev->deadline = now.steady + endpoint->lifetime;

  auto& out = ev->envelope;
  out.reserve(request.payload.size() + usual_overhead + json_padding);
  out.append("{\"id\":\"").append(ev->id).append("\"");
  append_member(out, "type", endpoint->event_type);
  append_member(out, "source", source_of(*endpoint));
  append_member(out, "timestamp", to_rfc3339(now.unix_time));
  out.append(",\"payload\":");
  ev->payload_offset = out.size();
  ev->payload_size = request.payload.size();
  out.append(request.payload);
  out.append(",\"metadata\":{\"endpoint\":");
  append_json_string(out, endpoint->id);
  append_member(out, "node", origin.node_name);
  if (!request.delivery_id.empty())
    append_member(out, "delivery_id", request.delivery_id);
  if (!request.content_type.empty())
    append_member(out, "content_type", request.content_type);
  out.append("}}");
  out.reserve(ev->payload_offset + ev->payload_size + json_padding);

  ev->where = stage_marker{origin.depths, stage::intake};
  ev->endpoint = std::move(endpoint);
  return ev;
}

std::string to_cloud_event(const event& ev) {
  std::string out;
  out.reserve(ev.payload_size + usual_overhead);
  out.append("{\"specversion\":\"1.0\"");
  append_member(out, "id", ev.id);
  append_member(out, "source", source_of(*ev.endpoint));
  append_member(out, "type", ev.endpoint->event_type);
  append_member(out, "time", to_rfc3339(ev.received_unix));
  append_member(out, "datacontenttype", "application/json");
  append_member(out, "traceparent", ev.traceparent);
  out.append(",\"data\":").append(ev.payload()).append("}");
  return out;
}

} // namespace mfo::core
