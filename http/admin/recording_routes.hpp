#pragma once

#include "http/admin/io_gate.hpp"
#include "http/admin/request.hpp"
#include "http/admin/stream_output.hpp"
#include "http/answer.hpp"
#include "http/recording_control.hpp"
#include "telemetry/log.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::http {

/// Recordings of requests, and callers who wait for them: what
/// docs/reference/admin.md says of them. On the admin thread. Who may ask, and
/// by which method, has been seen to.
class recording_routes {
public:
  /// `io` must outlive it. Says in the log who records what.
  recording_routes(boost::asio::io_context& io, recording_control control,
                   std::shared_ptr<telemetry::log> log);

  /// Ends all of its recordings; what they have is for nobody. When `io` has
  /// stopped.
  ~recording_routes();

  recording_routes(const recording_routes&) = delete;
  recording_routes& operator=(const recording_routes&) = delete;

  /// Begins an answer of 200 whose body is JSON, and comes later.
  using open_function = std::function<std::unique_ptr<stream_output>()>;

  /// Nothing: it records, and the answer has begun by `open`. Until there is
  /// what was recorded, white space comes every second, which shows whether the
  /// caller is still there; for one who has gone, nothing is recorded.
  [[nodiscard]] std::optional<answer> handle(const admin_request& request,
                                             const std::string& endpoint,
                                             const open_function& open);

private:
  using number = std::uint64_t;

  struct caller {
    std::unique_ptr<stream_output> to;
    std::string endpoint;
    std::string peer;
    std::vector<std::string> redact; ///< as it was when it began
    boost::asio::steady_timer timer;
    std::chrono::steady_clock::time_point end; ///< the latest
    recorder::number recording = 0;
    bool gone = false;
  };
  using caller_ptr = std::shared_ptr<caller>;

  void await_end(const caller_ptr& its);
  void write(const caller_ptr& to, std::string text);
  void ended(number of, recorder::result got);

  boost::asio::io_context& io_;
  recording_control control_;
  std::shared_ptr<telemetry::log> log_;
  std::shared_ptr<io_gate> gate_;
  std::map<number, caller_ptr> callers_;
  number next_ = 0;
};

} // namespace mfo::http
