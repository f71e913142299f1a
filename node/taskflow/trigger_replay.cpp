#include "node/taskflow/trigger_replay.hpp"

#include "core/json_check.hpp"
#include "core/json_slices.hpp"
#include "core/rfc3339.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace mfo::node {

namespace {

using std::chrono::milliseconds;

/// What a letter's body says of its event.
struct sent_event {
  std::string_view payload; ///< byte for byte
  std::string source;
  std::optional<milliseconds> time;
  std::string delivery_id;
  std::string content_type;
};

std::string text_at(std::string_view body, std::string_view pointer) {
  const auto found = core::find_in_json(body, pointer);
  return found ? core::string_value(*found).value_or("") : "";
}

/// In either format, as api/events.hpp writes them; nothing where the body is
/// no event.
std::optional<sent_event> read_event(std::string_view body) {
  // As deep as payloads may be, within the event's own object.
  if (!core::is_json_text(body, core::json_bounds{}.max_depth + 1))
    return std::nullopt;
  const bool is_native = core::find_in_json(body, "/payload").has_value();
  const auto payload =
      core::find_in_json(body, is_native ? "/payload" : "/data");
  if (!payload)
    return std::nullopt;
  return sent_event{.payload = *payload,
                    .source = text_at(body, "/source"),
                    .time = core::parse_rfc3339(
                        text_at(body, is_native ? "/timestamp" : "/time")),
                    .delivery_id = text_at(body, "/metadata/delivery_id"),
                    .content_type = text_at(body, "/metadata/content_type")};
}

} // namespace

trigger_replay::trigger_replay(configuration loaded,
                               std::map<std::string, std::string> answers)
  : loaded_(std::move(loaded)), answers_(std::move(answers)),
    triggers_(actors::triggers_of(loaded_.workflows)) {
  std::ranges::copy_if(triggers_, std::back_inserter(by_type_),
                       [](const auto& each) {
                         return std::holds_alternative<taskflow::event_trigger>(
                             each.get().config);
                       });
}

bool trigger_replay::is_trigger(const std::string& endpoint) noexcept {
  return endpoint.find('/') != std::string::npos;
}

dead_letters::done trigger_replay::run(const dead_letters::letter& letter) {
  std::vector<actors::trigger_ref> those;
  if (!is_trigger(letter.endpoint)) {
    those = actors::asking_for(by_type_, letter.type);
    if (those.empty())
      return {};
  } else {
    std::ranges::copy_if(
        triggers_, std::back_inserter(those),
        [&](const auto& each) { return each.id() == letter.endpoint; });
    if (those.empty())
      return tl::unexpected{
          fmt::format("the configuration has no trigger {} that is enabled",
                      letter.endpoint)};
  }
  const auto sent = read_event(letter.body);
  if (!sent)
    return tl::unexpected{std::string{"the letter holds no payload"}};
  auto endpoint = endpoint_for(those);
  endpoint.id = letter.endpoint;
  endpoint.server = letter.server;
  const auto event = make_local_event({.id = letter.event_id,
                                       .payload = sent->payload,
                                       .type = letter.type,
                                       .source = sent->source,
                                       .delivery_id = sent->delivery_id,
                                       .traceparent = letter.traceparent,
                                       .tracestate = letter.tracestate,
                                       .content_type = sent->content_type,
                                       .proven = true},
                                      std::move(endpoint), sent->time);
  auto result = start(event, std::move(those));
  while (const auto cause = take_emitted())
    for (const auto& each : actors::asking_for(by_type_, cause->type()))
      if (auto done = pass_on(*cause, each); !done && result)
        result = tl::unexpected{fmt::format("{}: {}", each.id(), done.error())};
  return result;
}

/// An event that a taskflow has made comes to a trigger that asks for it.
dead_letters::done trigger_replay::pass_on(const core::event& cause,
                                           const actors::trigger_ref& trigger) {
  if (cause.hops >= loaded_.settings.taskflows.max_depth)
    return tl::unexpected{
        std::string{"too many events in a row came of one another"}};
  auto endpoint = endpoint_for({trigger});
  endpoint.id = trigger.id();
  endpoint.server = loaded_.settings.taskflows.server;
  return start(make_local_event({.payload = cause.payload(),
                                 .type = cause.type(),
                                 .source = cause.source(),
                                 .delivery_id = cause.id,
                                 .traceparent = cause.traceparent,
                                 .tracestate = cause.tracestate,
                                 .content_type = "application/json",
                                 .proven = true,
                                 .hops = cause.hops + 1},
                                std::move(endpoint)),
               {trigger});
}

dead_letters::done
trigger_replay::start(const core::event_ptr& event,
                      std::vector<actors::trigger_ref> those) {
  const auto with = session();
  if (!with)
    return tl::unexpected{with.error()};
  const auto result =
      (*with)->carry_out(event, {.server = {}, .triggers = std::move(those)});
  if (result.delivered())
    return {};
  return tl::unexpected{result.detail};
}

tl::expected<local_session*, std::string> trigger_replay::session() {
  const std::lock_guard lock{mutex_};
  if (abandoned_)
    return tl::unexpected{std::string{"given up"}};
  if (!session_) {
    auto opened = local_session::open({.settings = loaded_.settings,
                                       .workflows = loaded_.workflows,
                                       .observers = {},
                                       .answers = answers_,
                                       .otherwise = without_answer::fail,
                                       .emit = [this](core::event_ptr made) {
                                         const std::lock_guard inner{mutex_};
                                         emitted_.push_back(std::move(made));
                                         return core::outcome{};
                                       }});
    if (!opened)
      return tl::unexpected{opened.error().reason};
    session_ = *std::move(opened);
  }
  return session_.get();
}

void trigger_replay::abandon() {
  const std::lock_guard lock{mutex_};
  abandoned_ = true;
  if (session_)
    session_->abandon();
}

/// With as much time as runs may take for which no sender waits.
config::endpoint_settings trigger_replay::endpoint_for(
    const std::vector<actors::trigger_ref>& those) const {
  config::endpoint_settings endpoint;
  endpoint.lifetime = {};
  for (const auto& each : those)
    endpoint.lifetime =
        std::max(endpoint.lifetime, each.flow().timeout.count() > 0
                                        ? each.flow().timeout
                                        : loaded_.settings.taskflows.timeout);
  return endpoint;
}

core::event_ptr trigger_replay::take_emitted() {
  const std::lock_guard lock{mutex_};
  if (emitted_.empty())
    return nullptr;
  auto first = std::move(emitted_.front());
  emitted_.pop_front();
  return first;
}

} // namespace mfo::node
