#pragma once

#include "config/http_call_settings.hpp"
#include "http/client_config.hpp"
#include "taskflow/call.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace mfo::outbound {

/// Gets what became of a call: what taskflow/call.hpp says of `http`. Runs on
/// the caller's I/O thread; must not throw or block.
using call_callback = std::function<void(taskflow::call_result)>;

/// A call that was sent, for whoever may want to end it. A copy stands for the
/// same call; a handle that goes away ends nothing.
class call_handle {
public:
  class call {
  public:
    virtual ~call() = default;
    virtual void cancel() = 0;
  };

  call_handle() = default;

  explicit call_handle(std::weak_ptr<call> which) : call_(std::move(which)) {}

  /// Nobody wants the answer any more: unless the callback has begun, it never
  /// runs, and what it holds is let go here. The connection closes, so that the
  /// server can see it. Any thread, idempotent; after the answer, nothing.
  void cancel() {
    if (auto which = call_.lock())
      which->cancel();
  }

private:
  std::weak_ptr<call> call_;
};

/// What a metrics page wants to know.
struct caller_stats {
  std::size_t in_flight = 0; ///< calls on the wire
  std::size_t waiting = 0;   ///< calls that wait for a turn
  std::size_t hosts = 0;     ///< origins for which a client is kept
};

/// Calls HTTP servers that the configuration allows, and nothing else.
///
/// A URL is read once and strictly (call_url.hpp), its host must be allowed,
/// and so must be every address that the host has (reach_rules.hpp), each time
/// that a connection is made: it goes to the addresses that were checked, and
/// nothing is resolved in between, so that a name that changes its addresses
/// (DNS rebinding) gains nothing.
///
/// Redirects are not followed: a task gets the status, and, where it accepts
/// that, the Location. No proxy is used, whatever the environment says, since a
/// proxy would resolve names itself. Certificates are always verified. Nothing
/// of the node goes along but `User-Agent: mfo-node/VERSION`; no trace context.
class http_caller {
public:
  using time_point = std::chrono::steady_clock::time_point;

  virtual ~http_caller() = default;

  /// Sends it once. `done` is called exactly once, and never within `send`,
  /// unless the call is cancelled before: at `deadline` or the configured
  /// time-out at the latest. Any thread.
  ///
  /// Failures are those of call_reply.hpp, and `bad_url` (not transient),
  /// `not_allowed` (refused) and `bad_request`, before anything is sent. Their
  /// messages name the host and the reason; no path, query, header or body.
  virtual call_handle send(taskflow::http_request_call call,
                           time_point deadline, call_callback done) = 0;

  /// Refuses what comes later and answers everything outstanding with `closed`;
  /// returns before the I/O thread has done so. Any thread, idempotent.
  virtual void close() = 0;

  /// Any thread. Each number is current on its own.
  [[nodiscard]] virtual caller_stats stats() const noexcept = 0;
};

/// A caller whose I/O runs on `io`, which must outlive it; destroying it closes
/// it. Names are resolved by getaddrinfo on one background thread of `io`: one
/// that belongs to this caller alone keeps a slow name server of a stranger
/// away from the rest of the node.
///
/// `look_up`, if any, is asked in place of getaddrinfo.
///
/// The error, a sentence, is about the CA file, which is read now. Without one
/// the system's certificates are read for the first call by TLS: most nodes
/// make none, and they take a megabyte.
[[nodiscard]] tl::expected<std::shared_ptr<http_caller>, std::string>
make_http_caller(boost::asio::io_context& io,
                 const config::http_call_settings& settings,
                 http::name_lookup look_up = {});

} // namespace mfo::outbound
