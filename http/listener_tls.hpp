#pragma once

#include "config/tls_settings.hpp"
#include "config/watched_files.hpp"
#include "core/rate_limiter.hpp"
#include "http/tls_context.hpp"
#include "telemetry/line_limit.hpp"
#include "telemetry/observer.hpp"
#include "telemetry/tls_metrics.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/ssl.h>
#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

/// The TLS of one listener over time: what its files hold now, and the account
/// of its handshakes.
class listener_tls {
public:
  using endpoint = boost::asio::ip::tcp::endpoint;
  using clock = std::chrono::steady_clock;

  /// Reads the files; `name` labels metrics and logs. The error is one line,
  /// as `make_listener_context` has it.
  static tl::expected<std::shared_ptr<listener_tls>, std::string>
  open(config::listener_tls_settings settings, std::string name,
       const telemetry::observer& observer);

  /// For a connection that begins now. Never null. Thread-safe.
  [[nodiscard]] listener_context_ptr current() const;

  /// Reads the files again. False, with a line in the log, when one of them is
  /// not good: then the former ones stay in force, all of them. On one thread
  /// at a time; blocks for the files.
  bool reload();

  /// `reload` where there is something to hope for: a file is another than when
  /// it was last read, or reading failed, as what it failed for may be gone
  /// without a trace. Says nothing when it fails again for the same reason.
  /// True when what is in force is what the files hold. As `reload`.
  bool reload_changed();

  /// Whether `address` may have one more handshake, which then counts. On the
  /// listener's thread.
  [[nodiscard]] bool may_begin(const config::ip_address& address,
                               clock::time_point now);

  /// A handshake ended. On the listener's thread.
  void ended(telemetry::handshake_result result, std::string_view why,
             const endpoint& peer);

private:
  listener_tls(config::listener_tls_settings settings, std::string name,
               const telemetry::observer& observer);

  tl::expected<void, std::string> read_files();
  bool try_reload();

  const config::listener_tls_settings settings_;
  const std::string name_;
  const telemetry::observer observer_;
  const telemetry::tls_metrics::of_listener metrics_;
  config::watched_files files_;
  std::string failure_; ///< of the last time; empty: it went well
  core::rate_limiter handshakes_;
  telemetry::line_limit lines_;
  mutable std::mutex mutex_;
  listener_context_ptr current_; ///< guarded by mutex_
};

/// How a handshake ended that gave `error`, and why, in words for a log.
struct handshake_end {
  telemetry::handshake_result result;
  std::string why;
};
handshake_end explain_server_handshake(SSL* session,
                                       const boost::system::error_code& error);

} // namespace mfo::http
