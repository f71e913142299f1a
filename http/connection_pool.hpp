#pragma once

#include "http/beast_connection.hpp"
#include "http/beast_stream.hpp"
#include "http/client.hpp"
#include "http/client_exchange.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace mfo::http {

/// The connections of one client, and the requests that wait for one.
///
/// Threads: `send`, `cancel`, `close` and `stats` from any; all else runs on
/// the I/O thread. A request crosses over through the inbox, and only the first
/// into an empty inbox posts: a burst costs one post. One that is sent on the
/// I/O thread, with nobody before it and a connection idle, starts at once; no
/// caller is answered within that.
///
/// Time-outs: one timer for everything. It is armed for the earliest deadline
/// known when it was last set; a deadline that comes later than that costs one
/// comparison. When it fires, a sweep over connections and waiting requests
/// ends what is overdue and arms the timer anew. With equal time-outs every
/// request is later than the one before it, so under load the timer is touched
/// about once per time-out and not once per request.
class connection_pool final
  : public std::enable_shared_from_this<connection_pool>,
    private connection_owner {
public:
  connection_pool(asio::io_context& io, connection_settings settings);
  connection_pool(const connection_pool&) = delete;
  connection_pool& operator=(const connection_pool&) = delete;
  ~connection_pool(); // NOLINT(bugprone-exception-escape)

  void send(client_request request, client_callback done);
  void cancel(std::uint64_t ticket);
  void close();
  client_stats stats() const noexcept;

private:
  using timer =
      asio::basic_waitable_timer<std::chrono::steady_clock,
                                 asio::wait_traits<std::chrono::steady_clock>,
                                 client_executor>;

  /// Puts the request into the inbox, unless it must not wait: then the error
  /// is returned and the request left as it was.
  std::optional<client_errc> admit(client_request& request,
                                   client_callback& done);
  bool start_at_once(client_exchange& next);
  void start(connection& chosen, client_exchange next);
  void empty_inbox();
  void pump();
  std::shared_ptr<connection> obtain();
  std::shared_ptr<connection> take_idle();
  void forget(connection& source);
  void drop(std::uint64_t ticket);
  void watch(steady_time deadline);
  void sweep();
  void end_overdue_waiting(steady_time now);
  void end_overdue_connections(steady_time now);
  void shut_down();
  void publish() noexcept;

  void on_idle(connection& source) override;
  void on_closed(connection& source) override;
  void on_certificate(std::chrono::sys_seconds end) override;

  // Shared between threads.
  std::atomic<std::size_t> outstanding_{0}; ///< exchanges not answered
  std::atomic<std::size_t> open_count_{0};
  std::atomic<std::size_t> idle_count_{0};
  std::atomic<std::size_t> waiting_count_{0};
  std::atomic<std::size_t> opened_count_{0};
  std::atomic<std::chrono::seconds::rep> certificate_end_{0}; ///< 0: none
  std::mutex mutex_; ///< guards the next two
  std::vector<client_exchange> inbox_;
  bool closed_ = false;

  // The I/O thread's.
  connection_settings settings_;
  client_executor executor_;
  timer timer_;
  std::optional<steady_time> watched_;  ///< when the timer fires
  std::vector<client_exchange> batch_;  ///< the inbox's other half
  std::deque<client_exchange> waiting_; ///< in order of arrival
  std::vector<std::shared_ptr<connection>> connections_;
  std::vector<connection*> idle_; ///< the most recently used at the back
};

} // namespace mfo::http
