#include "node/sender.hpp"

#include <boost/asio/post.hpp>

namespace mfo::node {

sender::sender(boost::asio::io_context& io, http::client& client,
               std::function<http::client_request()> make, send_plan plan)
  : io_(io), client_(client), make_(std::move(make)), plan_(plan), timer_(io) {}

send_result sender::run() {
  begun_ = clock::now();
  boost::asio::post(io_, [this] { fill(); });
  io_.run();
  result_.took = clock::now() - begun_;
  return std::move(result_);
}

sender::clock::time_point sender::due() const {
  if (plan_.rate <= 0)
    return begun_;
  const std::chrono::duration<double> after{static_cast<double>(sent_) /
                                            plan_.rate};
  return begun_ + std::chrono::duration_cast<clock::duration>(after);
}

void sender::fill() {
  while (sent_ < plan_.count && sent_ - answered_ < plan_.concurrency) {
    if (clock::now() < due())
      return wait();
    ++sent_;
    // Answers may come within `send`: they are taken in later, not in here.
    client_.send(make_(), [this](http::client_result answer) {
      boost::asio::post(io_, [this, answer = std::move(answer)]() mutable {
        take(std::move(answer));
      });
    });
  }
}

void sender::wait() {
  timer_.expires_at(due());
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error)
      fill();
  });
}

void sender::take(http::client_result result) {
  ++answered_;
  const auto outcome = result ? std::to_string(result->status)
                              : make_error_code(result.error().code).message();
  ++result_.outcomes[outcome];
  if (result && result->status >= 200 && result->status < 300)
    ++result_.accepted;
  result_.last = std::move(result);
  if (answered_ < plan_.count)
    return fill();
  client_.close(); // its idle connections would keep `io_` busy
}

} // namespace mfo::node
