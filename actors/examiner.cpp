#include "actors/examiner.hpp"

#include "signatures/verifier.hpp"

#include <map>
#include <string>
#include <utility>

namespace mfo::actors {

namespace {

tl::unexpected<core::outcome> refuse(core::errc code, std::string detail = {}) {
  return tl::unexpected{core::refused(code, std::move(detail))};
}

} // namespace

struct examiner::state {
  std::map<std::string, std::unique_ptr<signatures::verifier>, std::less<>>
      verifiers;
  core::json_checker json;
  std::shared_ptr<core::delivery_window> deliveries;
  std::function<std::chrono::seconds()> unix_now;
};

examiner::examiner(const validator_deps& deps)
  : state_(std::make_unique<state>()) {
  state_->deliveries = deps.deliveries;
  state_->unix_now = deps.unix_now;
  for (const auto& each : deps.endpoints)
    state_->verifiers.emplace(each.id,
                              signatures::make_verifier(each.signature));
}

examiner::~examiner() = default;
examiner::examiner(examiner&&) noexcept = default;
examiner& examiner::operator=(examiner&&) noexcept = default;

tl::expected<std::vector<core::event_ptr>, core::outcome>
examiner::prove(const core::event& event) {
  const auto verifier = state_->verifiers.find(event.endpoint->id);
  if (verifier == state_->verifiers.end())
    return refuse(core::errc::bad_signature, "nobody knows this endpoint");
  const auto verdict = verifier->second->verify(
      {event.fields, event.target, event.payload()}, state_->unix_now());
  if (!verdict)
    return refuse(core::errc::bad_signature, verdict.error().detail);
  if (event.endpoint->signature.scheme == config::signature_scheme::slack)
    if (auto reply = signatures::slack_challenge(event.payload())) {
      auto answer = core::refused(core::errc::handshake, "url_verification");
      answer.reply = *std::move(reply);
      return tl::unexpected{std::move(answer)};
    }
  if (!state_->json.check(event.payload()))
    return refuse(core::errc::malformed_json);
  return {};
}

std::optional<core::outcome>
examiner::admit(const core::event& event,
                std::chrono::steady_clock::time_point now) {
  using verdict = core::delivery_window::verdict;
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
