#include "dead_letters/http_sink.hpp"

#include "dead_letters/letter_json.hpp"
#include "http/beast_client.hpp"

#include <fmt/format.h>

namespace mfo::dead_letters {

namespace {

constexpr std::size_t connections = 4;

/// How the letters of one batch fared.
struct batch_result {
  std::size_t answered = 0;
  std::string error; ///< the first

  void take(const http::client_result& result) {
    ++answered;
    if (!error.empty())
      return;
    if (!result)
      error =
          fmt::format("{}: {}", make_error_code(result.error().code).message(),
                      result.error().detail);
    else if (result->status < 200 || result->status > 299)
      error = fmt::format("it answered {}", result->status);
  }
};

} // namespace

tl::expected<std::unique_ptr<sink>, std::string>
http_sink::make(http_settings settings) {
  std::unique_ptr<http_sink> made{new http_sink{std::move(settings)}};
  http::client_config config;
  config.server = made->settings_.url.server;
  config.connect_timeout = made->settings_.timeout;
  config.max_connections = connections;
  auto client = http::make_beast_client(made->io_, std::move(config));
  if (!client)
    return tl::unexpected(std::move(client.error()));
  made->client_ = std::move(*client);
  return std::unique_ptr<sink>{std::move(made)};
}

http_sink::~http_sink() = default;

done http_sink::write(std::span<const letter_ptr> letters) {
  const auto result = std::make_shared<batch_result>();
  for (const auto& each : letters) {
    http::client_request request;
    request.target = settings_.url.target;
    request.headers = {{"Content-Type", "application/json"},
                       {"Idempotency-Key", each->event_id}};
    request.body = std::make_shared<const std::string>(to_json(*each));
    request.timeout = settings_.timeout;
    client_->send(std::move(request), [result](http::client_result answer) {
      result->take(answer);
    });
  }
  io_.restart();
  while (result->answered < letters.size() && io_.run_one() > 0) {
  }
  if (result->answered < letters.size())
    result->error = "it was not asked";
  if (!result->error.empty())
    return tl::unexpected(fmt::format(
        "{}{}: {}", settings_.url.server.tls ? "https://" : "http://",
        settings_.url.server.authority(), result->error));
  return {};
}

void http_sink::idle() {
  // Takes in what servers say of idle connections.
  io_.restart();
  io_.poll();
}

} // namespace mfo::dead_letters
