#pragma once

#include "http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mfo::support {

/// A sender that keeps its pace whatever becomes of what it sent, as the rest
/// of the world does: it sends one request `rate` times a second and never
/// waits for an answer. Lives on the thread that runs `io`.
class paced_sender {
public:
  using clock = std::chrono::steady_clock;

  struct acceptance {
    std::string event_id;
    clock::time_point when;
  };

  /// What came of it.
  struct tally {
    std::size_t sent = 0;
    std::vector<acceptance> accepted;          ///< answered 2xx
    std::map<std::string, std::size_t> others; ///< "503", or why no answer
  };

  paced_sender(boost::asio::io_context& io, http::client& client,
               http::client_request request, double rate,
               std::chrono::seconds duration);

  /// Begins; `done` is called when the last answer is there.
  void start(std::function<void()> done);

  [[nodiscard]] const tally& result() const noexcept {
    return tally_;
  }

private:
  void tick();
  void send();
  void take(const http::client_result& result);

  http::client& client_;
  const http::client_request request_;
  const double rate_;
  const std::size_t count_;
  boost::asio::steady_timer timer_;
  clock::time_point begun_;
  std::size_t answered_ = 0;
  tally tally_;
  std::function<void()> done_;
};

} // namespace mfo::support
