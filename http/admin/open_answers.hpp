#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace mfo::http {

/// The answers that somebody is owed, or is being sent: what a listener that
/// ends has to wait for. On the thread of its `io_context`.
class open_answers {
public:
  /// One of them. It is sent, or for nobody, once all copies are gone.
  using token = std::shared_ptr<const void>;

  /// `io` must outlive it.
  explicit open_answers(boost::asio::io_context& io) : timer_(io) {}

  [[nodiscard]] token open() const {
    return all_;
  }

  /// Calls `then` when there are none any more, or when it has waited for
  /// `patience`. Once.
  void when_sent(std::chrono::steady_clock::duration patience,
                 std::function<void()> then) {
    look(std::chrono::steady_clock::now() + patience, std::move(then));
  }

private:
  void look(std::chrono::steady_clock::time_point end,
            std::function<void()> then) {
    constexpr std::chrono::milliseconds look_time{2};
    if (all_.use_count() == 1 || std::chrono::steady_clock::now() >= end)
      return then();
    timer_.expires_after(look_time);
    timer_.async_wait(
        [this, end, then = std::move(then)](const auto& error) mutable {
          if (!error)
            look(end, std::move(then));
        });
  }

  const token all_ = std::make_shared<const char>();
  boost::asio::steady_timer timer_;
};

} // namespace mfo::http
