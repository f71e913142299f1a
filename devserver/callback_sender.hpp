#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::devserver {

/// POSTs notifications to those who subscribed, once each, on a thread of its
/// own, so that a slow callback holds up no answer. Those to one origin go out
/// one after the other, in order. Each may take 5 s; redirects are not
/// followed. Thread-safe.
class callback_sender {
public:
  /// `secret`: signs each body, as `options` says. `max_waiting`: beyond, the
  /// oldest is dropped. Starts its thread when there is something to send.
  callback_sender(const std::optional<std::string>& secret, bool allow_remote,
                  std::size_t max_waiting);

  /// Stops.
  ~callback_sender(); // NOLINT(bugprone-exception-escape)

  callback_sender(const callback_sender&) = delete;
  callback_sender& operator=(const callback_sender&) = delete;

  /// The error says why nothing is sent to `url`: it is no URL, or leads to
  /// another machine, which a tool for tests must not be made to call.
  [[nodiscard]] tl::expected<void, std::string>
  check(std::string_view url) const;

  /// Queues a body for a URL that passes `check`.
  void post(std::string url, std::string body);

  struct counts {
    std::uint64_t sent = 0;    ///< answered 2xx
    std::uint64_t failed = 0;  ///< answered otherwise, or not at all
    std::uint64_t dropped = 0; ///< gave way, or were left over at a stop
    std::size_t waiting = 0;   ///< those that are being sent included
  };
  [[nodiscard]] counts count() const;

  /// Drops what waits, breaks off what is being sent, joins the thread. A later
  /// `post` starts again. Not to be called while another thread posts.
  void stop();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace mfo::devserver
