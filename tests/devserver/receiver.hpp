#pragma once

#include "tests/support/http_script_server.hpp"
#include "tests/support/wait_until.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::devserver {

/// Whoever subscribed: keeps what it is sent, and answers with `reply`.
class receiver {
public:
  explicit receiver(std::string reply = test::reply_of("{}"))
    : reply_(std::move(reply)),
      server_([this](test::server_peer& peer, int) { serve(peer); }) {}

  receiver(const receiver&) = delete;

  ~receiver() {
    open();
  }

  [[nodiscard]] std::string url(std::string_view path = "/notify") const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) +
           std::string(path);
  }

  [[nodiscard]] std::vector<test::http_request> got() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  /// Waits for so many; false when they don't come.
  bool wait_for(std::size_t count) const {
    return support::wait_until([&] { return got().size() >= count; });
  }

  /// Requests that come now are not answered before `open`.
  void shut() {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
  }

  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }

private:
  void serve(test::server_peer& peer) {
    while (const auto request = peer.read_request()) {
      {
        std::unique_lock lock(mutex_);
        requests_.push_back(*request);
        opened_.wait(lock, [this] { return is_open_; });
      }
      peer.write(reply_);
    }
  }

  const std::string reply_;
  mutable std::mutex mutex_;
  std::vector<test::http_request> requests_; ///< guarded by mutex_
  std::condition_variable opened_;
  bool is_open_ = true; ///< guarded by mutex_
  test::script_server server_;
};

} // namespace mfo::devserver
