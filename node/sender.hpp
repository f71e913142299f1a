#pragma once

#include "http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace mfo::node {

struct send_plan {
  std::size_t count = 1;
  double rate = 0; ///< requests a second; 0: as fast as answers come
  std::size_t concurrency = 16;
};

/// What came of it.
struct send_result {
  std::map<std::string, std::size_t> outcomes; ///< "202", or why there is none
  http::client_result last = tl::unexpected(http::client_error{});
  std::size_t accepted = 0; ///< answers that were 2xx
  std::chrono::duration<double> took{0};
};

/// Sends requests, each as `make` gives it, never more than `concurrency` at a
/// time: where answers are late, the rate is not kept. Lives on `io`'s thread.
class sender {
public:
  sender(boost::asio::io_context& io, http::client& client,
         std::function<http::client_request()> make, send_plan plan);

  /// Runs `io` until all answers are here.
  send_result run();

private:
  using clock = std::chrono::steady_clock;

  void fill();
  void wait();
  [[nodiscard]] clock::time_point due() const;
  void take(http::client_result result);

  boost::asio::io_context& io_;
  http::client& client_;
  const std::function<http::client_request()> make_;
  const send_plan plan_;
  boost::asio::steady_timer timer_;
  clock::time_point begun_ = clock::now();
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  send_result result_;
};

} // namespace mfo::node
