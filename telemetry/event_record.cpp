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

event_record record_of(const core::event& event) {
  event_record record{.id = event.id};
  record.delivery_id = core::delivery_id_of(event);
  record.endpoint = event.endpoint->id;
  record.type = event.type();
  if (event.client != config::ip_address{})
    record.source = event.client;
  record.received = event.received_at;
  record.received_unix = event.received_unix;
  record.size = event.payload_size;
  record.generation = core::number_of(event.generation);
  record.stage = event.where.where();
  const auto came_to = [&](core::stage what) {
    const auto time = event.where.came_to(what);
    return time ? event_record::offset{between(event.received_at, *time)}
                : std::nullopt;
  };
  record.verified = came_to(core::stage::router);
  record.routed = came_to(core::stage::task_runner);
  record.sent = came_to(core::stage::mfo_connector);
  auto decided = event.trail.look();
  record.from = std::move(decided.from);
  record.to = std::move(decided.to);
  for (auto& each : decided.placings)
    record.visits.push_back(
        {std::move(each.node), between(event.received_at, each.at)});
  bound_texts(record);
  return record;
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
  auto bytes = sizeof(event_record) + record.id.size() +
               record.delivery_id.size() + record.endpoint.size() +
               record.type.size() + record.path.size() + record.from.size() +
               record.detail.size() + record.sink.size();
  for (const auto& each : record.visits)
    bytes += sizeof(each) + each.node.size();
  if (record.to)
    bytes +=
        sizeof(core::destinations) + record.to->triggers.size() * longest_label;
  return bytes;
}

} // namespace mfo::telemetry
