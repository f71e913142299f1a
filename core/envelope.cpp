#include "core/envelope.hpp"

#include "core/event_id.hpp"
#include "core/json_check.hpp"
#include "core/json_text.hpp"
#include "core/ordering_key.hpp"
#include "core/rfc3339.hpp"
#include "core/short_text.hpp"
#include "core/trace_context.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace mfo::core {

namespace {

/// Longer header values are cut: they are labels for people, and must not let
/// a sender multiply what an event costs.
constexpr std::size_t max_label = 256;

/// All that the envelope holds but the payload: fixed text, id, time stamp,
/// labels. A good guess saves a reallocation, a bad one costs one.
constexpr std::size_t usual_overhead = 512;

/// `name` with what stands around it: `,"name":`.
void append_member(std::string& out, std::string_view name,
                   std::string_view value) {
  out.append(name);
  append_json_string(out, value.substr(0, max_label));
}

/// Likewise of a time.
void append_time(std::string& out, std::string_view name,
                 std::chrono::milliseconds unix_time) {
  out.append(name).append("\"");
  append_rfc3339(out, unix_time);
  out.append("\"");
}

/// What `event::source` says, without a string of its own.
void append_source(std::string& out, const event& ev) {
  constexpr std::string_view name{R"(,"source":)"};
  if (!ev.own_source.empty())
    return append_member(out, name, ev.own_source);
  short_text<max_label> source{"webhook/"};
  source.append(
      std::string_view{ev.endpoint->id}.substr(0, max_label - source.size()));
  append_member(out, name, source);
}

/// All of the envelope up to the payload, which is put in.
void begin_envelope(event& ev, std::string_view payload, std::size_t extra) {
  auto& out = ev.envelope;
  out.reserve(payload.size() + extra + usual_overhead + json_padding);
  out.append("{\"id\":\"").append(ev.id).append("\"");
  append_member(out, R"(,"type":)", ev.type());
  append_source(out, ev);
  append_time(out, R"(,"timestamp":)", ev.received_unix);
  out.append(",\"payload\":");
  ev.payload_offset = out.size();
  ev.payload_size = payload.size();
  out.append(payload);
}

/// What stands behind an event's payload, its metadata open at the end.
std::string_view open_metadata(const event& ev) {
  auto metadata =
      std::string_view{ev.envelope}.substr(ev.payload_offset + ev.payload_size);
  metadata.remove_suffix(2);
  return metadata;
}

/// The place in the trace of the `number`th event of a request, whose first has
/// `value`.
traceparent_text with_sibling(const traceparent_text& value,
                              std::size_t number) {
  auto of = parse_traceparent(value);
  if (!of)
    return value;
  of->span = child_span(of->span, fmt::format("{}", number));
  return traceparent_of(*of);
}

/// What the JSON check wants behind the payload.
void end_envelope(event& ev) {
  ev.envelope.reserve(ev.payload_offset + ev.payload_size + json_padding);
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

event_ptr make_event(request_view request,
                     std::shared_ptr<const config::endpoint_settings> endpoint,
                     const event_origin& origin, instant now) {
  const auto& random = origin.random;
  auto ev = std::make_shared<event>();
  ev->id = request.id.empty()
               ? make_event_id(endpoint->id, request.delivery_id, now, random)
               : std::string{request.id};
  ev->named_by_sender = !request.delivery_id.empty();
  ev->generation = origin.generation;
  ev->fields = std::move(request.fields);
  ev->client = request.client;
  ev->target = request.target;
  ev->own_type = request.type;
  ev->own_source = request.source;
  ev->ordering_key = ordering_key_of(request.ordering_key);
  ev->proven = request.proven;
  ev->hops = request.hops;
  const auto span = random();
  const auto trace_high = random();
  const auto trace_low = random();
  const auto parent = parse_traceparent(request.traceparent);
  ev->traceparent = traceparent_of(
      next_place(parent, {trace_high, trace_low, span,
                          is_sampled(trace_low, origin.sample_ratio)}));
  if (parent) {
    ev->parent_span = parent->span;
    if (is_tracestate(request.tracestate))
      ev->tracestate = request.tracestate;
  }
  ev->received_at = now.steady;
  ev->received_unix = now.unix_time;
  ev->deadline = now.steady + endpoint->lifetime;
  ev->where = stage_marker{origin.depths, stage::intake};
  ev->endpoint = std::move(endpoint);

  begin_envelope(*ev, request.payload, 0);
  auto& out = ev->envelope;
  out.append(",\"metadata\":{\"endpoint\":");
  append_json_string(out, ev->endpoint->id);
  append_member(out, R"(,"node":)", origin.node_name);
  if (!request.delivery_id.empty())
    append_member(out, R"(,"delivery_id":)", request.delivery_id);
  if (!request.content_type.empty())
    append_member(out, R"(,"content_type":)", request.content_type);
  out.append("}}");
  end_envelope(*ev);
  return ev;
}

event_ptr refine(const event& received, const finding& found) {
  auto ev = std::make_shared<event>();
  const bool renamed = !found.delivery_id.empty();
  ev->id = renamed ? delivery_uuid(received.endpoint->id, found.delivery_id)
                   : received.id;
  ev->named_by_sender = renamed || received.named_by_sender;
  ev->proven = true;
  ev->generation = received.generation;
  ev->own_type = found.type;
  if (ev->own_type.empty())
    ev->own_type = received.own_type;
  ev->own_source = found.source;
  ev->ordering_key = found.ordering_key.empty()
                         ? received.ordering_key
                         : std::string{found.ordering_key};
  ev->hops = received.hops;
  ev->client = received.client;
  ev->traceparent = found.number == 0
                        ? received.traceparent
                        : with_sibling(received.traceparent, found.number);
  ev->tracestate = received.tracestate;
  ev->parent_span = received.parent_span;
  ev->received_at = received.received_at;
  ev->received_unix = received.received_unix;
  ev->deadline = received.deadline;
  ev->where = received.where.beside();
  ev->endpoint = received.endpoint;

  const auto metadata = open_metadata(received);
  begin_envelope(*ev, found.payload,
                 metadata.size() + found.cloud_event.size());
  auto& out = ev->envelope;
  out.append(metadata);
  if (renamed && !received.named_by_sender)
    append_member(out, R"(,"delivery_id":)", found.delivery_id);
  if (!found.cloud_event.empty())
    out.append(",\"cloud_event\":").append(found.cloud_event);
  out.append("}}");
  end_envelope(*ev);
  return ev;
}

event_ptr derive(const event& cause, const consequence& what) {
  auto ev = std::make_shared<event>();
  ev->id = delivery_uuid(cause.id, what.name);
  ev->named_by_sender = cause.named_by_sender;
  ev->proven = true;
  ev->generation = cause.generation;
  ev->own_type = what.type;
  ev->own_source = what.source;
  ev->hops = cause.hops;
  ev->client = cause.client;
  ev->traceparent = cause.traceparent;
  ev->tracestate = cause.tracestate;
  ev->parent_span = cause.parent_span;
  ev->received_at = cause.received_at;
  ev->received_unix = cause.received_unix;
  ev->given_at = cause.given_at;
  ev->deadline = cause.deadline;
  ev->where = cause.where.beside();
  ev->endpoint = cause.endpoint;

  const auto metadata = open_metadata(cause);
  begin_envelope(*ev, what.payload, metadata.size());
  auto& out = ev->envelope;
  out.append(metadata);
  append_member(out, R"(,"caused_by":)", cause.id);
  out.append("}}");
  end_envelope(*ev);
  return ev;
}

std::string delivery_id_of(const event& ev, std::string used) {
  used.clear();
  // Within a string the quotes would be escaped, and what others may add comes
  // behind it.
  constexpr std::string_view name{R"(,"delivery_id":")"};
  auto text = std::string_view{ev.envelope}.substr(
      std::min(ev.payload_offset + ev.payload_size, ev.envelope.size()));
  const auto at = ev.named_by_sender ? text.find(name) : text.npos;
  if (at == text.npos)
    return used;
  text.remove_prefix(at + name.size());
  std::size_t end = 0;
  bool escapes = false;
  for (; end < text.size() && text[end] != '"'; ++end)
    if (text[end] == '\\') {
      escapes = true;
      ++end;
    }
  text = text.substr(0, end);
  if (!escapes) {
    used.assign(text);
    return used;
  }
  const auto whole =
      nlohmann::json::parse(fmt::format("\"{}\"", text), nullptr, false);
  return whole.is_string() ? whole.get<std::string>() : std::string{};
}

std::string to_cloud_event(const event& ev) {
  std::string out;
  out.reserve(ev.payload_size + usual_overhead);
  out.append("{\"specversion\":\"1.0\"");
  append_member(out, R"(,"id":)", ev.id);
  append_source(out, ev);
  append_member(out, R"(,"type":)", ev.type());
  append_time(out, R"(,"time":)", ev.received_unix);
  append_member(out, R"(,"datacontenttype":)", "application/json");
  append_member(out, R"(,"traceparent":)", ev.traceparent);
  if (!ev.tracestate.empty()) {
    // Not cut, as the labels are: a part of it means something else.
    out.append(",\"tracestate\":");
    append_json_string(out, ev.tracestate);
  }
  out.append(",\"data\":").append(ev.payload()).append("}");
  return out;
}

} // namespace mfo::core
