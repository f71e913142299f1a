#include "tests/support/paced_sender.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace mfo::support {

namespace {

/// What is due is sent in small bursts: timers are not finer than this.
constexpr std::chrono::milliseconds burst{2};

} // namespace

paced_sender::paced_sender(boost::asio::io_context& io, http::client& client,
                           http::client_request request, double rate,
                           std::chrono::seconds duration)
  : client_(client), request_(std::move(request)), rate_(rate),
    count_(static_cast<std::size_t>(rate * duration.count())), timer_(io) {}

void paced_sender::start(std::function<void()> done) {
  done_ = std::move(done);
  begun_ = clock::now();
  tick();
}

void paced_sender::tick() {
  const std::chrono::duration<double> elapsed = clock::now() - begun_;
  const auto due =
      std::min(count_, static_cast<std::size_t>(elapsed.count() * rate_) + 1);
  while (tally_.sent < due)
    send();
  if (tally_.sent == count_)
    return;
  timer_.expires_after(burst);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error)
      tick();
  });
}

void paced_sender::send() {
  ++tally_.sent;
  client_.send(request_,
               [this](const http::client_result& result) { take(result); });
}

void paced_sender::take(const http::client_result& result) {
  if (!result) {
    ++tally_.others[make_error_code(result.error().code).message()];
  } else if (result->status < 200 || result->status > 299) {
    ++tally_.others[std::to_string(result->status)];
  } else {
    const auto body = nlohmann::json::parse(result->body);
    tally_.accepted.push_back({body.at("event_id"), clock::now()});
  }
  if (++answered_ == count_)
    done_();
}

} // namespace mfo::support
