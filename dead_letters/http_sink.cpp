#include "dead_letters/http_sink.hpp"

#include "dead_letters/letter_json.hpp"
#include "http/beast_client.hpp"

#include <fmt/format.h>

namespace mfo::dead_letters {

namespace {

constexpr std::size_t connections = 4;

/// How the requests of one batch fared.
struct batch_result {
  std::function<bool(int status)> is_good;
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
    else if (!is_good(result->status))
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

std::string http_sink::send(std::vector<http::client_request> requests,
                            const std::function<bool(int status)>& takes) {
  const auto result = std::make_shared<batch_result>();
  result->is_good = takes;
  const auto asked = requests.size();
  for (auto& each : requests) {
    each.target = settings_.url.target;
    each.timeout = settings_.timeout;
    client_->send(std::move(each), [result](http::client_result answer) {
      result->take(answer);
    });
  }
  io_.restart();
  while (result->answered < asked && io_.run_one() > 0) {
  }
  return result->answered < asked ? "it was not asked" : result->error;
}

done http_sink::judge(const std::string& error) const {
  if (error.empty())
    return {};
  return tl::unexpected(
      fmt::format("{}{}: {}", settings_.url.server.tls ? "https://" : "http://",
                  settings_.url.server.authority(), error));
}

done http_sink::write(std::span<const letter_ptr> letters) {
  std::vector<http::client_request> requests;
  for (const auto& each : letters) {
    auto& request = requests.emplace_back();
    request.headers = {{"Content-Type", "application/json"},
                       {"Idempotency-Key", each->event_id}};
    request.body = std::make_shared<const std::string>(to_json(*each));
  }
  return judge(
      send(std::move(requests), [](int status) { return status / 100 == 2; }));
}

/// A method that it does not know, or credentials that are missing, are no
/// failure: it answers.
done http_sink::probe() {
  constexpr int server_errors = 5;
  std::vector<http::client_request> requests(1);
  requests.front().method = "HEAD";
  return judge(send(std::move(requests), [](int status) {
    return status / 100 != server_errors || status == 501;
  }));
}

std::optional<std::chrono::sys_seconds> http_sink::certificate_end() const {
  return client_->stats().certificate_end;
}

void http_sink::idle() {
  // Takes in what servers say of idle connections.
  io_.restart();
  io_.poll();
}

} // namespace mfo::dead_letters
