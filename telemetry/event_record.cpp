#include "telemetry/event_record.hpp"

#include "core/envelope.hpp"
#include "telemetry/bounded.hpp"

#include <utility>

namespace mfo::telemetry {

namespace {

constexpr std::size_t longest_label = 256;
constexpr std::size_t longest_detail = 512;

void shorten(std::string& text, std::size_t longest) {
  if (text.size() > longest)
    text = cut(text, longest);
}

} // namespace

bool went_well(const event_record& record) noexcept {
  constexpr int first_bad = 400;
  if (record.state == event_state::refused)
    return record.reason && core::describe(*record.reason).status < first_bad;
  return record.state != event_state::dead_lettered;
}

void write_down(const core::event& event, event_record& to) {
  // All of them are named, so that none can be forgotten.
  auto& [id, delivery_id, endpoint, type, path, from, source, received,
         received_unix, size, generation, state, reason, detail, sink, attempts,
         upstream_status, stage, verified, acknowledged, routed, sent,
         undelivered, ended, destinations, visits] = to;
  id = event.id;
  delivery_id = core::delivery_id_of(event, std::move(delivery_id));
  endpoint = event.endpoint->id;
  type = event.type();
  path.clear();
  source.reset();
  if (event.client != config::ip_address{})
    source = event.client;
  received = event.received_at;
  received_unix = event.received_unix;
  size = event.payload_size;
  generation = core::number_of(event.generation);
  state = event_state::in_flight;
  reason.reset();
  detail.clear();
  sink.clear();
  attempts = 0;
  upstream_status = 0;
  stage = event.where.where();
  const auto came_to = [&event](core::stage what) {
    const auto time = event.where.came_to(what);
    return time ? event_record::offset{between(event.received_at, *time)}
                : std::nullopt;
  };
  verified = came_to(core::stage::router);
  acknowledged.reset();
  routed = came_to(core::stage::task_runner);
  sent = came_to(core::stage::mfo_connector);
  undelivered.reset();
  ended.reset();
  auto decided = event.trail.look();
  from = std::move(decided.from);
  destinations = std::move(decided.to);
  visits.clear();
  for (auto& each : decided.placings)
    visits.push_back(
        {std::move(each.node), between(event.received_at, each.at)});
  bound_texts(to);
}

event_record record_of(const core::event& event) {
  event_record made;
  write_down(event, made);
  return made;
}

void close(event_record& record, const event_end& how) {
  record.state = how.as                    ? *how.as
                 : how.outcome.delivered() ? event_state::delivered
                                           : event_state::refused;
  record.reason = how.outcome.error;
  record.detail = cut(how.outcome.detail, longest_detail);
  record.sink = how.sink;
  record.attempts = how.outcome.attempts;
  record.upstream_status = how.outcome.upstream_status;
  record.ended = between(record.received, how.at);
}

void bound_texts(event_record& record) {
  for (auto* each : {&record.id, &record.delivery_id, &record.endpoint,
                     &record.type, &record.path, &record.from})
    shorten(*each, longest_label);
  shorten(record.detail, longest_detail);
}

std::size_t size_of(const event_record& record) noexcept {
  auto bytes = sizeof(event_record) + record.id.capacity() +
               record.delivery_id.capacity() + record.endpoint.capacity() +
               record.type.capacity() + record.path.capacity() +
               record.from.capacity() + record.detail.capacity() +
               record.sink.capacity();
  for (const auto& each : record.visits)
    bytes += sizeof(each) + each.node.capacity();
  if (record.to)
    bytes +=
        sizeof(core::destinations) + record.to->triggers.size() * longest_label;
  return bytes;
}

} // namespace mfo::telemetry
