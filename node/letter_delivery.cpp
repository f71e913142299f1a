#include "node/letter_delivery.hpp"

#include "node/api_session.hpp"
#include "node/taskflow/task_argument.hpp"
#include "node/taskflow/trigger_replay.hpp"

#include "api/events.hpp"

#include <map>
#include <memory>
#include <utility>

namespace mfo::node {

namespace {

/// Delivers letters as the node would have: to their server, and to the
/// taskflows that they were for.
class letter_carrier {
public:
  letter_carrier(configuration loaded,
                 std::map<std::string, std::string> answers)
    : settings_(loaded.settings),
      triggers_(std::move(loaded), std::move(answers)) {}

  dead_letters::done deliver(const dead_letters::letter& letter) {
    if (!trigger_replay::is_trigger(letter.endpoint))
      if (auto sent = send(letter); !sent)
        return sent;
    return triggers_.run(letter);
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

  config::settings settings_;
  trigger_replay triggers_;
  std::map<std::string, std::unique_ptr<api_session>> sessions_;
};

} // namespace

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
