#include "node/letter_delivery.hpp"

#include "node/api_session.hpp"

#include "api/events.hpp"

#include <map>
#include <memory>
#include <utility>

namespace mfo::node {

namespace {

/// Sessions by the name of their server, opened when first needed.
class letter_carrier {
public:
  explicit letter_carrier(config::settings settings)
    : settings_(std::move(settings)) {}

  dead_letters::done deliver(const dead_letters::letter& letter) {
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

private:
  config::settings settings_;
  std::map<std::string, std::unique_ptr<api_session>> sessions_;
};

} // namespace

tl::expected<dead_letters::deliver_function, command_failure>
connect_letters(const std::string& config_file) {
  auto settings = load_settings(config_file);
  if (!settings)
    return tl::unexpected{std::move(settings.error())};
  const auto carrier = std::make_shared<letter_carrier>(*std::move(settings));
  return [carrier](const dead_letters::letter& letter) {
    return carrier->deliver(letter);
  };
}

} // namespace mfo::node
