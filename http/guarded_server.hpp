#pragma once

#include "config/settings.hpp"
#include "http/connection_guard.hpp"

#include <boost/asio/io_context.hpp>
#include <restinio/all.hpp>
#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mfo::http {

struct guarded_server_options {
  config::listen_address address;
  /// Its limits are those of the server's connections, and its `tls`, if any,
  /// is theirs.
  std::shared_ptr<guard_shared> guard;
  /// How long a request may wait for its answer.
  std::chrono::milliseconds longest_answer;
  /// Whether another socket of this process may be bound to the same port.
  bool shares_port = false;
};

/// RESTinio behind guarded sockets: what both listeners have in common.
class guarded_server {
public:
  /// Takes whole, strict requests, on the one thread that runs the io_context.
  using handler = std::function<restinio::request_handling_status_t(
      restinio::request_handle_t)>;

  virtual ~guarded_server() = default;

  /// Binds and listens. `io` must outlive the server. The error is one line
  /// that names the address and the reason.
  static tl::expected<std::unique_ptr<guarded_server>, std::string>
  open(boost::asio::io_context& io, guarded_server_options options,
       handler handle);

  /// The port bound: what was asked for, or what the kernel picked for 0.
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;

  /// Lets another socket of this process be bound to the same port, at another
  /// address.
  virtual void share_port() = 0;

  /// Stops accepting, but takes those connections that have come so far, or
  /// have begun to and end their handshake within `handshakes`; they, and those
  /// that are open, go on. Who begins to come meanwhile tries again a second
  /// later, as TCP does by itself, and finds who then listens there. On the I/O
  /// thread; calls back on it, once nobody is accepted any more.
  virtual void retire(std::chrono::milliseconds handshakes,
                      std::function<void()> done) = 0;

  /// Stops accepting, and ends every connection of its guard; what was answered
  /// before is still sent. Call it on the I/O thread, or when that has stopped.
  virtual void close() = 0;
};

} // namespace mfo::http
