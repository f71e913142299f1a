#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <sys/socket.h>

#include <cstdint>
#include <vector>

namespace mfo::test {

/// A listener that nobody can connect to: its backlog is full, so that Linux
/// drops further SYNs.
class full_listener {
public:
  full_listener() : acceptor_(io_) {
    acceptor_.open(tcp::v4());
    acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(0);
    for (int i = 0; i < 8; ++i) {
      auto& socket = fillers_.emplace_back(io_);
      socket.open(tcp::v4());
      socket.non_blocking(true);
      // Asio's connect would wait for the end even so.
      auto to = acceptor_.local_endpoint();
      ::connect(socket.native_handle(), to.data(),
                static_cast<socklen_t>(to.size()));
    }
  }

  std::uint16_t port() const {
    return acceptor_.local_endpoint().port();
  }

private:
  using tcp = boost::asio::ip::tcp;

  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::vector<tcp::socket> fillers_;
};

} // namespace mfo::test
