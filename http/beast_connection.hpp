#pragma once

#include "http/beast_reply.hpp"
#include "http/beast_request.hpp"
#include "http/beast_stream.hpp"
#include "http/client_config.hpp"
#include "http/client_exchange.hpp"

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mfo::http {

class connection;

/// Who is told what becomes of a connection; on the I/O thread.
class connection_owner {
public:
  /// The connection can take the next request.
  virtual void on_idle(connection& source) = 0;

  /// The connection closed itself and is of no more use.
  virtual void on_closed(connection& source) = 0;

  /// The server has shown a certificate that is good until then.
  virtual void on_certificate(std::chrono::sys_seconds end) = 0;

protected:
  ~connection_owner() = default;
};

/// What the connections of a client share; outlives them while they are open.
struct connection_settings {
  client_config config;
  request_writer writer;
  std::optional<asio::ssl::context> tls;
};

/// One connection and the request that it carries, from resolving the host's
/// name to being closed. All of it runs on the client's I/O thread.
///
/// Through a proxy, the name that is resolved and the address that is connected
/// to are the proxy's; an https origin is then asked for through a tunnel.
///
/// It has a deadline and no timer: the pool looks at the deadlines of all its
/// connections (see connection_pool.hpp). An operation that completes after
/// `close` finds a closed connection and does nothing; operations under way
/// keep the object alive.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(const client_executor& executor, connection_settings& settings,
             connection_owner& owner);

  /// Carries out one exchange, connecting first if need be. Requires: new or
  /// idle.
  void start(client_exchange next);

  /// Whether an idle connection still looks usable: see client_stream.
  bool is_quiet() noexcept {
    return stream_.is_quiet();
  }

  /// When `expire` is due.
  steady_time deadline() const noexcept {
    return deadline_;
  }

  /// The deadline has passed: answers the exchange with the time-out that it
  /// is and closes. Tells the owner.
  void expire();

  /// Whether the request of this ticket is under way on it.
  bool carries(std::uint64_t ticket) const noexcept {
    return exchange_ && exchange_->request().ticket == ticket;
  }

  /// Answers the exchange with `client_errc::cancelled` and closes. Tells the
  /// owner.
  void give_up();

  /// Closes without telling the owner; an exchange under way is answered with
  /// `client_errc::closed`. Idempotent.
  void abandon();

private:
  enum class stage {
    fresh,
    resolving,
    connecting,
    tunnelling,
    securing,
    sending,
    receiving,
    idle,
    closed
  };
  using resolver = asio::ip::basic_resolver<tcp, client_executor>;
  using addresses = resolver::results_type;

  // beast_connect.cpp: up to the first request.
  void resolve();
  void on_resolved(const error_code& ec, const addresses& found);
  void look_up(const std::string& host, std::uint16_t port);
  void on_looked_up(const tl::expected<address_list, std::string>& found,
                    std::uint16_t port);
  void connect(const addresses& found);
  void on_connected(const error_code& ec);
  void open_tunnel();
  void on_tunnel_asked(const error_code& ec);
  void await_tunnel();
  void on_tunnel_answered(const error_code& ec);
  void fail_in_tunnel(const error_code& ec);
  void secure();
  void on_secured(const error_code& ec);

  // beast_connection.cpp: requests and replies.
  void send();
  void send_plain();
  void on_sent(const error_code& ec, std::size_t size);
  void receive();
  void expect_reply();
  void read();
  void on_read(const error_code& ec, std::size_t size);
  void parse();
  void on_received(const error_code& ec);
  void finish();
  void fail(client_errc code, std::string detail);
  void fail_receiving(const error_code& ec);
  void close() noexcept;
  std::string expired_detail() const;

  /// Whether requests themselves go to a proxy: the origin is not https. Such a
  /// connection carries one request, for proxies (tinyproxy 1.11 is one) close
  /// without having said so, perhaps under the next request.
  bool asks_proxy() const noexcept {
    return settings_.config.via && !settings_.tls;
  }

  /// The host and port that are connected to, for errors.
  std::string peer_name() const;

  /// Adds what was spent in the stage up to now to the exchange's timing, and
  /// enters the next one.
  void enter(stage next);
  void note_time(steady_time now) noexcept;

  /// A handler that calls the member `next`, unless the connection was closed
  /// in the meantime. What an operation gives beyond `Args` is left out.
  template <class... Args>
  auto then(void (connection::*next)(const error_code&, Args...)) {
    return [self = shared_from_this(), next](const error_code& ec,
                                             const auto&... args) {
      if (self->stage_ == stage::closed)
        return;
      if constexpr (sizeof...(Args) > 0)
        (*self.*next)(ec, args...);
      else
        (*self.*next)(ec);
    };
  }

  connection_settings& settings_;
  connection_owner& owner_;
  resolver resolver_;
  client_stream stream_;
  stage stage_ = stage::fresh;
  bool reused_ = false;
  steady_time deadline_{};
  steady_time entered_{};                 ///< the stage
  std::optional<steady_time> first_byte_; ///< of what comes after a request
  error_code send_error_;
  std::optional<client_exchange> exchange_;
  std::optional<reply_parser> parser_;
  std::string head_;
  boost::beast::flat_buffer buffer_; ///< was read and not parsed yet
};

} // namespace mfo::http
