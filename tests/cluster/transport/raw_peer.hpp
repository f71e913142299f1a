#pragma once

#include "config/settings.hpp"
#include "tests/support/child_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster::test {

/// One who connects and knows neither TLS nor BASP.
class raw_peer {
public:
  explicit raw_peer(const config::listen_address& to) {
    socket_.connect({boost::asio::ip::make_address(to.host), to.port});
  }

  void write(std::string_view bytes) {
    boost::system::error_code ignored; // it may be closed already
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }

  /// Reads until the other side hangs up; false when it does not.
  bool sees_the_end() {
    std::vector<char> bytes(64 * 1024);
    bool ended = false;
    socket_.async_read_some(boost::asio::buffer(bytes), [&](auto ec, auto) {
      ended = static_cast<bool>(ec);
    });
    io_.restart();
    io_.run_for(support::patience);
    if (!io_.stopped()) {
      socket_.cancel();
      io_.run();
      return false;
    }
    return ended || sees_the_end();
  }

private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
};

/// Listens, and accepts nobody: a connection is made, and then nothing comes.
class black_hole {
public:
  [[nodiscard]] config::listen_address address() const {
    return {"127.0.0.1", acceptor_.local_endpoint().port()};
  }

private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{
      io_, {boost::asio::ip::address_v4::loopback(), 0}};
};

} // namespace mfo::cluster::test
