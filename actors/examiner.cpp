#include "actors/examiner.hpp"

#include "core/signature.hpp"

#include <fmt/format.h>

#include <utility>

namespace mfo::actors {

namespace {

/// What a person who sets a sender up has to look at; for the log alone.
std::string why_not_genuine(const core::event& event,
                            std::optional<std::string_view> signature) {
  const auto& scheme = event.endpoint->signature;
  if (!signature)
    return "there is no header " + scheme.header + ", or several";
  if (!signature->starts_with(scheme.prefix))
    return scheme.header + " does not begin with " + scheme.prefix;
  return fmt::format("{} fits none of the endpoint's {} secrets: another "
                     "secret, another encoding or algorithm, or a body that "
                     "was changed on its way",
                     scheme.header, scheme.secrets.size());
}

tl::unexpected<core::outcome> refuse(core::errc code, std::string detail = {}) {
  return tl::unexpected{core::refused(code, std::move(detail))};
}

} // namespace

struct examiner::state {
  std::map<std::string, core::hmac_signer, std::less<>> signers;
  core::json_checker json;
  std::shared_ptr<core::delivery_window> deliveries;
  std::function<std::chrono::seconds()> unix_now;
};

examiner::examiner(const validator_deps& deps)
  : state_(std::make_unique<state>()) {
  state_->deliveries = deps.deliveries;
  state_->unix_now = deps.unix_now;
  for (const auto& each : deps.endpoints)
    state_->signers.emplace(each.id, core::hmac_signer{each.signature});
}

examiner::~examiner() = default;
examiner::examiner(examiner&&) noexcept = default;
examiner& examiner::operator=(examiner&&) noexcept = default;

tl::expected<std::vector<core::event_ptr>, core::outcome>
examiner::prove(const core::event& event) {
  const auto signer = state_->signers.find(event.endpoint->id);
  const auto signature = event.fields.find(event.endpoint->signature.header);
  if (signer == state_->signers.end() || !signature ||
      !signer->second.verify(*signature, event.payload()))
    return refuse(core::errc::bad_signature, why_not_genuine(event, signature));
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
