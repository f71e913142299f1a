#pragma once

#include "http/client.hpp"
#include "outbound/call_url.hpp"
#include "outbound/http_caller.hpp"
#include "taskflow/call.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::outbound {

/// One call. Its answer is given, or given up, once: whoever turns `settled_`
/// owns `done_`. All else is the strand's.
class pending_call final : public call_handle::call,
                           public std::enable_shared_from_this<pending_call> {
public:
  /// `on_cancel` is told that nobody wants the answer any more, on any thread.
  pending_call(call_callback done,
               std::function<void(std::shared_ptr<pending_call>)> on_cancel)
    : done_(std::move(done)), on_cancel_(std::move(on_cancel)) {}

  pending_call(const pending_call&) = delete;
  pending_call& operator=(const pending_call&) = delete;

  /// An I/O context that was torn down forgets nobody.
  // NOLINTNEXTLINE(bugprone-exception-escape): out of memory ends the process.
  ~pending_call() override {
    fail("closed", "the node stops");
  }

  void cancel() override {
    if (settled_.exchange(true))
      return;
    const auto forgotten = std::exchange(done_, nullptr);
    on_cancel_(shared_from_this());
  }

  void settle(taskflow::call_result result) {
    if (settled_.exchange(true))
      return;
    const auto done = std::exchange(done_, nullptr);
    done(std::move(result));
  }

  /// Of what may succeed later.
  void fail(std::string code, std::string message) {
    settle(tl::unexpected(taskflow::call_failure{
        .code = std::move(code), .message = std::move(message)}));
  }

  [[nodiscard]] bool is_settled() const noexcept {
    return settled_;
  }

  // Set before the strand has it.
  call_url url;
  http::client_request request;
  std::vector<int> accept;
  std::chrono::steady_clock::time_point deadline;

  // The strand's.
  std::uint64_t ticket = 0;             ///< of the request, once it is sent
  std::shared_ptr<http::client> client; ///< while it is on the wire
  std::optional<boost::asio::steady_timer> timer; ///< while it waits

private:
  std::atomic<bool> settled_{false};
  call_callback done_;
  std::function<void(std::shared_ptr<pending_call>)> on_cancel_;
};

} // namespace mfo::outbound
