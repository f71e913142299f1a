#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>

/// Ports for programs that cannot tell which one the kernel picked for them.
namespace mfo::support {

/// A port of 127.0.0.1 that is kept for one who binds it by its number with
/// SO_REUSEADDR, as all servers do that are started again, for as long as this
/// lives: Linux shares a port on which nobody listens yet, but gives it to
/// nobody who asks for any port, be it to listen or to connect.
class reserved_port {
public:
  reserved_port() {
    using boost::asio::ip::tcp;
    holder_.open(tcp::v4());
    holder_.set_option(tcp::acceptor::reuse_address(true));
    holder_.bind({boost::asio::ip::address_v4::loopback(), 0});
    number_ = holder_.local_endpoint().port();
  }

  [[nodiscard]] std::uint16_t number() const noexcept {
    return number_;
  }

private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor holder_{io_};
  std::uint16_t number_ = 0;
};

/// Whether somebody listens there.
inline bool accepts_connections(std::uint16_t port) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket{io};
  boost::system::error_code ec;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
  return !ec;
}

} // namespace mfo::support
