#pragma once

#include "tests/support/http_certificates.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace mfo::test {

using http_request =
    boost::beast::http::request<boost::beast::http::string_body>;

/// "HTTP/1.1 200 OK" with this body, its length, and nothing else.
std::string reply_of(std::string_view body);

/// The server's end of one connection. Everything blocks, on a thread of the
/// connection's own, and ends early when the server is destroyed.
class server_peer {
public:
  using tcp = boost::asio::ip::tcp;

  /// `tls` may be null.
  server_peer(tcp::socket socket, boost::asio::ssl::context* tls);

  /// False when the client does not like us.
  bool handshake();

  /// Whether TLS took up an earlier session. Requires: TLS.
  bool was_resumed();

  /// The next request, or nothing: the client has closed.
  std::optional<http_request> read_request();

  /// Only the bytes that are there first; empty at the end.
  std::string read_some();

  /// As given. False when the client has closed.
  bool write(std::string_view bytes);

  /// Blocks until the client has closed.
  void wait_for_close();

  /// Says close_notify under TLS, as servers do, and closes.
  void close();

  /// Closes with RST.
  void reset();

  /// From any thread: makes whatever blocks return.
  void interrupt();

private:
  std::mutex mutex_; ///< between reset and interrupt
  tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<tcp::socket&>> tls_;
  boost::beast::flat_buffer buffer_;
};

/// A server on loopback that treats each connection as a test's script says.
class script_server {
public:
  /// `number` counts the connections from 0. The connection is closed when
  /// the script returns.
  using script = std::function<void(server_peer& peer, int number)>;

  struct options {
    std::string address = "127.0.0.1";
    std::optional<identity> tls{};
    std::string client_authority{}; ///< PEM: demands a certificate issued by it
    int max_version = 0;            ///< TLS1_1_VERSION …; 0: the newest
  };

  explicit script_server(script each_connection);
  script_server(script each_connection, options how);
  script_server(const script_server&) = delete;
  script_server& operator=(const script_server&) = delete;
  ~script_server();

  std::uint16_t port() const {
    return port_;
  }

  /// Accepted so far.
  int connections() const {
    return connections_;
  }

  /// Of these, closed by their scripts' end.
  int finished() const {
    return finished_;
  }

private:
  struct running {
    std::unique_ptr<server_peer> peer;
    std::thread thread;
  };

  void accept();

  script script_;
  std::optional<boost::asio::ssl::context> tls_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<int> finished_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_; ///< guards peers_
  std::list<running> peers_;
  std::thread acceptor_thread_;
};

/// Answers every request on every connection with `reply`.
script_server::script always(std::string reply);

/// Reads whatever comes and says nothing.
script_server::script silent();

} // namespace mfo::test
