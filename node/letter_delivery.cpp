#include "node/letter_delivery.hpp"

#include "node/api_session.hpp"
#include "node/taskflow/local_session.hpp"

#include "actors/route.hpp"
#include "actors/trigger_view.hpp"
#include "api/events.hpp"
#include "api/json_body.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace mfo::node {

namespace {

/// The payload of an event as it is sent, in whichever format; nothing where
/// there is none.
std::optional<std::string> payload_of(const std::string& body) {
  const auto event = api::parse_json(body);
  if (!event)
    return std::nullopt;
  for (const auto* name : {"payload", "data"})
    if (event->is_object() && event->contains(name))
      return event->at(name).dump();
  return std::nullopt;
}

/// Delivers letters as the node would have: to their server, or to the taskflow
/// that they were for.
class letter_carrier {
public:
  explicit letter_carrier(configuration loaded)
    : settings_(std::move(loaded.settings)),
      workflows_(std::move(loaded.workflows)),
      triggers_(actors::triggers_of(workflows_)) {}

  dead_letters::done deliver(const dead_letters::letter& letter) {
    const auto trigger = std::ranges::find_if(triggers_, [&](const auto& each) {
      return each.id() == letter.endpoint;
    });
    return trigger != triggers_.end() ? run(*trigger, letter) : send(letter);
  }

private:
  dead_letters::done send(const dead_letters::letter& letter) {
    auto& session = sessions_[letter.server];
    if (!session) {
      auto opened = api_session::open(settings_, {.server = letter.server});
      if (!opened)
        return tl::unexpected{opened.error().reason};
      session = *std::move(opened);
    }
    const auto& server = session->server();
    // A letter's body is an event as it was to be sent, in whichever format.
    const auto result = session->call(
        api::make_event_call(
            server.paths,
            {std::make_shared<const std::string>(letter.body), server.format}),
        server.retry.max_duration, {letter.event_id, letter.traceparent});
    if (result.outcome.delivered())
      return {};
    return tl::unexpected{result.outcome.detail};
  }

  /// With the ids that the first run had, so that a server which knows them
  /// does nothing twice. Nobody is there who could be asked.
  dead_letters::done run(const actors::trigger_ref& trigger,
                         const dead_letters::letter& letter) {
    const auto payload = payload_of(letter.body);
    if (!payload)
      return tl::unexpected{std::string{"the letter holds no payload"}};
    const auto time = trigger.flow().timeout.count() > 0
                          ? trigger.flow().timeout
                          : settings_.taskflows.timeout;
    const auto event = make_local_event({.payload = *payload,
                                         .type = letter.type,
                                         .time = time,
                                         .server = letter.server,
                                         .id = letter.event_id,
                                         .traceparent = letter.traceparent});
    auto begun = actors::meet(trigger.get(), *event);
    if (!begun)
      return tl::unexpected{std::move(begun.error())};
    if (!*begun)
      return {}; // the filter has changed: it does not want it any more
    if (!flows_) {
      auto opened = local_session::open({.settings = settings_,
                                         .workflows = workflows_,
                                         .observers = {},
                                         .answers = {}});
      if (!opened)
        return tl::unexpected{opened.error().reason};
      flows_ = *std::move(opened);
    }
    const auto result = flows_->run({.id = letter.event_id,
                                     .workflow = trigger.workflow,
                                     .taskflow = trigger.get().taskflow,
                                     .trigger = trigger.get().id,
                                     .input = (*begun)->input,
                                     .view = (*begun)->view,
                                     .event = event},
                                    [] { return false; });
    if (result.outcome.delivered())
      return {};
    return tl::unexpected{result.outcome.detail};
  }

  config::settings settings_;
  std::vector<taskflow::workflow_ptr> workflows_;
  std::vector<actors::trigger_ref> triggers_;
  std::map<std::string, std::unique_ptr<api_session>> sessions_;
  std::unique_ptr<local_session> flows_;
};

} // namespace

tl::expected<dead_letters::deliver_function, command_failure>
connect_letters(const std::string& config_file) {
  auto loaded = load_configuration(config_file);
  if (!loaded)
    return tl::unexpected{std::move(loaded.error())};
  const auto carrier = std::make_shared<letter_carrier>(*std::move(loaded));
  return [carrier](const dead_letters::letter& letter) {
    return carrier->deliver(letter);
  };
}

} // namespace mfo::node
