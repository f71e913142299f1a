#include "actors/examiner.hpp"

#include "core/envelope.hpp"
#include "core/ordering_key.hpp"
#include "payload/decode.hpp"
#include "payload/event_type.hpp"
#include "schema/json_schema.hpp"
#include "signatures/verifier.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace mfo::actors {

namespace {

tl::unexpected<core::outcome> refuse(core::errc code, std::string detail = {}) {
  return tl::unexpected{core::refused(code, std::move(detail))};
}

/// The ordering key that a payload gives; "": none.
std::string key_in(const core::event& received, std::string_view payload) {
  const auto& field = received.endpoint->ordering_key.field;
  return field.empty() ? "" : core::ordering_key_in(payload, field);
}

/// The event that was found in the body of `received`. A CloudEvent has source
/// and id of its own, which together tell it from all others (CloudEvents,
/// "id"), and its type, unless the endpoint fixes one.
core::event_ptr refined(const core::event& received,
                        const payload::decoded& found, std::size_t number) {
  const auto& source = received.endpoint->type_source;
  core::finding part{.payload = found.payload};
  part.number = number;
  std::string type;
  std::string id;
  const auto key = key_in(received, found.payload);
  part.ordering_key = key;
  if (!source.field.empty())
    type = payload::type_from_payload(source, found.payload);
  if (found.cloud) {
    if (type.empty() && !source.fixed && received.own_type.empty())
      type = found.cloud->type;
    id = found.cloud->source + '\n' + found.cloud->id;
    part.source = found.cloud->source;
    part.delivery_id = id;
    part.cloud_event = found.cloud->attributes;
  }
  part.type = type;
  return core::refine(received, part);
}

} // namespace

struct examiner::state {
  explicit state(const config::limits_settings& limits)
    : json({limits.max_json_depth, limits.max_json_tokens}),
      inflating({limits.max_body, limits.max_inflate_ratio}) {}

  /// What the events of an endpoint are held to.
  struct checks {
    std::unique_ptr<signatures::verifier> verifier;
    std::string challenge;
    std::optional<schema::json_schema> schema;
  };

  std::unordered_map<std::string, checks> endpoints;
  core::json_checker json;
  payload::inflate_bounds inflating;
  std::shared_ptr<core::delivery_window> deliveries;
  signatures::probe_identity identity;
  std::function<std::chrono::seconds()> unix_now;
};

examiner::examiner(const validator_deps& deps)
  : state_(std::make_unique<state>(deps.limits)) {
  state_->deliveries = deps.deliveries;
  state_->identity = deps.identity;
  state_->unix_now = deps.unix_now;
  for (const auto& each : deps.endpoints) {
    auto& checks = state_->endpoints[each.id];
    checks.verifier = signatures::make_verifier(each.signature);
    checks.challenge = signatures::challenge_of(each.signature);
    // Loading has compiled it once, and found nothing wrong with it.
    if (!each.payload_schema.json.empty())
      checks.schema =
          schema::json_schema::compile(each.payload_schema.json).value();
  }
}

examiner::~examiner() = default;
examiner::examiner(examiner&&) noexcept = default;
examiner& examiner::operator=(examiner&&) noexcept = default;

tl::expected<std::vector<core::event_ptr>, core::outcome>
examiner::prove(const core::event& event) {
  const auto checks = state_->endpoints.find(event.endpoint->id);
  if (checks == state_->endpoints.end())
    return refuse(core::errc::bad_signature, "nobody knows this endpoint");
  const auto verdict = checks->second.verifier->verify(
      {event.fields, event.target, event.payload()}, state_->unix_now());
  if (!verdict) {
    auto refusal =
        core::refused(core::errc::bad_signature, verdict.error().detail);
    refusal.challenge = checks->second.challenge;
    return tl::unexpected{std::move(refusal)};
  }
  if (event.endpoint->signature.scheme == config::signature_scheme::slack)
    if (auto reply = signatures::slack_challenge(event.payload())) {
      auto answer = core::refused(core::errc::handshake, "url_verification");
      answer.reply = *std::move(reply);
      return tl::unexpected{std::move(answer)};
    }
  if (auto answer = answer_to_probe(event))
    return tl::unexpected{*std::move(answer)};
  return open(event);
}

/// The answer to a genuine request that is a probe, or would be one; nothing of
/// any other.
std::optional<core::outcome>
examiner::answer_to_probe(const core::event& event) const {
  const auto& endpoint = *event.endpoint;
  const auto field = event.fields.find(signatures::probe_field);
  if (!field || !signatures::can_probe(endpoint.signature))
    return std::nullopt;
  const auto nonce = signatures::read_probe(endpoint.signature, endpoint.id,
                                            *field, state_->unix_now());
  if (!nonce)
    return core::refused(core::errc::bad_signature,
                         "a probe that nobody with the secret has made, or "
                         "too old");
  auto answer = core::refused(core::errc::handshake, "probe");
  answer.reply = signatures::answer_probe(endpoint.signature, endpoint.id,
                                          *nonce, state_->identity);
  return answer;
}

/// What the body of a genuine request holds.
tl::expected<std::vector<core::event_ptr>, core::outcome>
examiner::open(const core::event& event) {
  const auto field = [&](std::string_view name) {
    return event.fields.find(name).value_or("");
  };
  const auto& settings = event.endpoint->payload;
  const auto type = field("Content-Type");
  const auto coding = field("Content-Encoding");
  if (payload::is_plain(type, coding, event.fields, settings)) {
    if (auto wrong = payload::flaw_of(state_->json.check(event.payload())))
      return refuse(wrong->code, std::move(wrong->detail));
    return label_by_payload(event);
  }
  auto found = payload::decode({type, coding, event.fields, event.payload()},
                               settings, state_->inflating, state_->json);
  if (!found)
    return refuse(found.error().code, std::move(found.error().detail));
  std::vector<core::event_ptr> events;
  for (const auto& each : *found) {
    auto part = refined(event, each, events.size());
    if (auto wrong = payload::flaw_of(state_->json.check(part->payload())))
      return refuse(wrong->code, std::move(wrong->detail));
    events.push_back(std::move(part));
  }
  return events;
}

/// The event under the type and with the ordering key that are in its payload;
/// nothing where it keeps those that it has.
std::vector<core::event_ptr>
examiner::label_by_payload(const core::event& event) {
  const auto& source = event.endpoint->type_source;
  const auto type = source.field.empty()
                        ? std::string{}
                        : payload::type_from_payload(source, event.payload());
  const auto key = key_in(event, event.payload());
  if (type.empty() && key.empty())
    return {};
  return {core::refine(
      event, {.payload = event.payload(), .type = type, .ordering_key = key})};
}

std::optional<core::outcome>
examiner::admit(const core::event& event,
                std::chrono::steady_clock::time_point now) {
  using verdict = core::delivery_window::verdict;
  const auto checks = state_->endpoints.find(event.endpoint->id);
  if (checks != state_->endpoints.end() && checks->second.schema)
    if (auto found = checks->second.schema->check(event.payload());
        !found.empty()) {
      // A pointer may hold names of the payload, which is not for the log.
      auto refusal =
          core::refused(core::errc::schema_violation, found.front().rule);
      refusal.violations = std::move(found);
      return refusal;
    }
  if (!state_->deliveries || !event.named_by_sender)
    return std::nullopt;
  switch (state_->deliveries->claim(event.id, &event, event.deadline, now)) {
  case verdict::in_progress:
    return core::refused(core::errc::in_progress);
  case verdict::taken:
    return core::refused(core::errc::duplicate);
  case verdict::fresh:
    break;
  }
  return std::nullopt;
}

} // namespace mfo::actors
