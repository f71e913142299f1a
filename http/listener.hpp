#pragma once

#include "config/settings.hpp"
#include "core/admission.hpp"
#include "core/clocks.hpp"
#include "http/exchange.hpp"
#include "http/listener_tls.hpp"
#include "http/node_state.hpp"
#include "telemetry/observer.hpp"

#include <boost/asio/io_context.hpp>
#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mfo::http {

/// What the listener needs of its node.
struct listener_deps {
  std::shared_ptr<const node_state> state;
  /// What the node may hold; bodies that are being read count.
  std::shared_ptr<core::admission> admission;
  /// Of each endpoint, in the order of the settings: what may be held of its
  /// events. Within `admission`, or the same.
  std::vector<std::shared_ptr<core::admission>> rooms;
  core::event_origin origin;
  /// What time it is. Called on the I/O thread.
  std::function<core::instant()> now = core::now_by_clocks;
  exchange_services_ptr services;        ///< never null
  std::shared_ptr<recorder> recording{}; ///< null: nothing is recorded
  std::shared_ptr<listener_tls> tls{};   ///< null: plain HTTP
  /// Takes an admitted event over. Called on the I/O thread; must not block.
  std::function<void(exchange_ptr)> admit;
};

/// The door to the outside: takes requests, refuses what is no event, and
/// hands the rest over, each as an exchange. RESTinio behind it.
class listener {
public:
  virtual ~listener() = default;

  /// Binds and listens on `settings.listen`. Requests are served by the one
  /// thread that runs `io`, which must outlive the listener. The endpoints are
  /// those of the ledger, or some of them. The error is one
  /// line that names the address and the reason.
  static tl::expected<std::unique_ptr<listener>, std::string>
  open(boost::asio::io_context& io, const config::settings& settings,
       listener_deps deps);

  /// The port bound: what was asked for, or what the kernel picked for 0.
  /// Thread-safe.
  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;

  /// Binds `address` beside what there is, in the place of which it comes with
  /// the next `adopt`, or never, by `unbind`. Does nothing where it is the
  /// address that there is. The error is as that of `open`. On the I/O thread,
  /// as the next two.
  virtual tl::expected<void, std::string>
  bind(const config::listen_address& address) = 0;
  virtual void unbind() = 0;

  /// From the next request on, on whatever connection, these settings are in
  /// force. If `settings.listen` is another address it has been bound; no
  /// connection is refused meanwhile, and those that there are go on. What is
  /// known of senders' rates stays known.
  virtual void adopt(const config::settings& settings, listener_deps deps) = 0;

  /// Connections that are open. Thread-safe.
  [[nodiscard]] virtual std::size_t connections() const noexcept = 0;

  /// Connections that were closed unanswered so far, as too many were being
  /// turned away already. Thread-safe.
  [[nodiscard]] virtual std::uint64_t dropped_connections() const noexcept = 0;

  /// Attempts so far to accept a connection that failed, for want of a
  /// descriptor or of memory: it waits, and is tried again. Thread-safe.
  [[nodiscard]] virtual std::uint64_t accept_failures() const noexcept = 0;

  /// Requests so far whose connection ended before they were whole.
  /// Thread-safe.
  [[nodiscard]] virtual std::uint64_t requests_cut_off() const noexcept = 0;

  /// Stops accepting, and ends every connection; what was answered before is
  /// still sent. Call it on the I/O thread, or when that has stopped.
  virtual void close() = 0;

  /// As `close`, a moment later, 200 ms at most: who has connected so far, or
  /// is about to, is answered first, in place of a reset that leaves it in
  /// doubt. On the I/O thread, which has to go on.
  virtual void finish() = 0;
};

} // namespace mfo::http
