#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace mfo::node {

/// Tells systemd, where it has started the node with `Type=notify`, how the
/// node is: sd_notify(3). Where `$NOTIFY_SOCKET` is not set, or not the address
/// of a socket, nothing is sent. What cannot be sent is not tried again: the
/// node does not depend on it. Of one thread, which may wait for systemd to
/// read. It speaks the protocol itself: docs/adr/0026-no-libsystemd.md.
class service_manager {
public:
  /// Has something done on a thread that must be alive.
  using post_function = std::function<void(std::function<void()>)>;

  /// Reads `$WATCHDOG_USEC` and `$WATCHDOG_PID`: sd_watchdog_enabled(3). There
  /// is no watchdog where they are not what systemd writes.
  service_manager();

  /// `status` is a line for people, in `systemctl status`.
  void ready(std::string_view status) const;
  void status(std::string_view status) const;
  /// `ready` ends it.
  void reloading() const;
  void stopping(std::string_view status) const;

  /// How long the thread may wait between two beats, `period` at most: a
  /// quarter of what the watchdog grants.
  [[nodiscard]] std::chrono::milliseconds
  longest_wait(std::chrono::milliseconds period) const;

  /// Tells the watchdog that the node is alive, if what was posted at the beat
  /// before has been done, and posts again. So it takes both threads.
  void beat(const post_function& post);

private:
  std::chrono::microseconds watchdog_; ///< 0: there is none
  std::shared_ptr<std::atomic<bool>> answered_ =
      std::make_shared<std::atomic<bool>>(false);
  bool asked_ = false;
};

} // namespace mfo::node
