#include "node/letter_delivery.hpp"

#include "node/taskflow/task_argument.hpp"

#include "api/events.hpp"

#include <utility>

namespace mfo::node {

letter_carrier::letter_carrier(configuration loaded,
                               std::map<std::string, std::string> answers)
  : settings_(loaded.settings),
    triggers_(std::move(loaded), std::move(answers)) {}

dead_letters::done letter_carrier::deliver(const dead_letters::letter& letter) {
  if (!trigger_replay::is_trigger(letter.endpoint))
    if (auto sent = send(letter); !sent)
      return sent;
  return triggers_.run(letter);
}

void letter_carrier::abandon() {
  {
    const std::lock_guard lock{mutex_};
    abandoned_ = true;
    for (const auto& [server, session] : sessions_)
      session->abandon();
  }
  triggers_.abandon();
}

dead_letters::done letter_carrier::send(const dead_letters::letter& letter) {
  const auto session = session_with(letter.server);
  if (!session)
    return tl::unexpected{session.error()};
  const auto& server = (*session)->server();
  // A letter's body is an event as it was to be sent, in whichever format.
  const auto result = (*session)->call(
      api::make_event_call(
          server.paths,
          {std::make_shared<const std::string>(letter.body), server.format}),
      server.retry.max_duration,
      {letter.event_id, letter.traceparent, letter.tracestate});
  if (result.outcome.delivered())
    return {};
  return tl::unexpected{result.outcome.detail};
}

tl::expected<api_session*, std::string>
letter_carrier::session_with(const std::string& server) {
  const std::lock_guard lock{mutex_};
  if (abandoned_)
    return tl::unexpected{std::string{"given up"}};
  auto& session = sessions_[server];
  if (!session) {
    auto opened = api_session::open(settings_, {.server = server});
    if (!opened) {
      sessions_.erase(server);
      return tl::unexpected{opened.error().reason};
    }
    session = *std::move(opened);
  }
  return session.get();
}

tl::expected<dead_letters::deliver_function, command_failure>
connect_letters(const std::string& config_file,
                const std::vector<std::string>& answers) {
  auto answers_by_task = read_answers(answers);
  if (!answers_by_task)
    return tl::unexpected{std::move(answers_by_task.error())};
  auto loaded = load_configuration(config_file);
  if (!loaded)
    return tl::unexpected{std::move(loaded.error())};
  const auto carrier = std::make_shared<letter_carrier>(
      *std::move(loaded), *std::move(answers_by_task));
  return [carrier](const dead_letters::letter& letter) {
    return carrier->deliver(letter);
  };
}

} // namespace mfo::node
