#pragma once

#include "http/guarded_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <tl/expected.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::http {

/// A guarded server that can go to another address while it runs, and refuses
/// nobody meanwhile: the new socket listens before the old one is closed, and
/// who has come to that one goes on. On the I/O thread, or before it runs.
class moving_server {
public:
  /// `io` must outlive it.
  moving_server(boost::asio::io_context& io,
                std::shared_ptr<guard_shared> guard,
                std::chrono::milliseconds longest_answer,
                guarded_server::handler handle);

  /// As guarded_server::open. Once, before all else.
  tl::expected<void, std::string> open(const config::listen_address& address);

  /// Binds `address` beside what there is, until `move` or `unbind`. Does
  /// nothing where it is the address that there is. The error is as that of
  /// `open`.
  tl::expected<void, std::string> bind(const config::listen_address& address);
  void unbind();

  /// What has been bound, if anything, is in the place of what there was.
  void move();

  /// The port bound. Thread-safe.
  [[nodiscard]] std::uint16_t port() const noexcept {
    return port_.load();
  }

  /// As guarded_server::close.
  void close();

  /// As listener::finish.
  void finish();

private:
  tl::expected<std::unique_ptr<guarded_server>, std::string>
  listen_on(const config::listen_address& address, bool shares_port);
  void use(std::unique_ptr<guarded_server> server,
           const config::listen_address& address);
  void let_go(std::unique_ptr<guarded_server> server);
  void close_when_all_have_gone(std::chrono::steady_clock::time_point end);

  boost::asio::io_context& io_;
  std::shared_ptr<guard_shared> guard_;
  std::chrono::milliseconds longest_answer_;
  guarded_server::handler handle_;
  config::listen_address address_;
  std::unique_ptr<guarded_server> server_;
  config::listen_address next_address_;
  std::unique_ptr<guarded_server> next_; ///< null: nothing has been bound
  /// That still have to take who has come.
  std::vector<std::unique_ptr<guarded_server>> former_;
  std::optional<boost::asio::steady_timer> farewell_; ///< while it finishes
  std::atomic<std::uint16_t> port_{0};
};

} // namespace mfo::http
