#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace mfo::http {

/// The way back to the thread of an `io_context` for who answers on another
/// one, perhaps when that is gone. Thread-safe.
class io_gate {
public:
  explicit io_gate(boost::asio::io_context& io) : io_(&io) {}

  /// Has `then` called on the thread of `io`, unless it is closed.
  void pass(std::function<void()> then) {
    const std::lock_guard lock{mutex_};
    if (io_ != nullptr)
      boost::asio::post(*io_, std::move(then));
  }

  /// What comes from now on is for nobody.
  void close() {
    const std::lock_guard lock{mutex_};
    io_ = nullptr;
  }

private:
  std::mutex mutex_;
  boost::asio::io_context* io_; ///< null: it is closed
};

} // namespace mfo::http
