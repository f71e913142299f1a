#pragma once

#include "node/collector.hpp"

#include "core/retry.hpp"
#include "telemetry/otlp_json.hpp"
#include "telemetry/span_queue.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace mfo::node {

/// Posts spans to a collector (OTLP/HTTP, JSON): a batch when there are enough
/// for one, and what there is from time to time. One request is under way at a
/// time; one that may be tried again is, a few times, while the queue takes
/// what comes as long as it has room.
///
/// On the I/O thread, unless said otherwise. It must be destroyed before the
/// I/O context, and not while that runs.
class span_exporter : public std::enable_shared_from_this<span_exporter> {
public:
  struct deps {
    boost::asio::io_context& io;
    std::shared_ptr<telemetry::span_queue> queue;
    std::shared_ptr<telemetry::metrics> metrics;
    telemetry::span_resource resource; ///< but for the service's name
    std::function<double()> uniform;   ///< random, in [0, 1)
    config::retry_settings retry = few_tries();
  };

  /// How a request is tried again that may be.
  [[nodiscard]] static config::retry_settings few_tries();

  [[nodiscard]] static std::shared_ptr<span_exporter> make(deps given);
  ~span_exporter();
  span_exporter(const span_exporter&) = delete;
  span_exporter& operator=(const span_exporter&) = delete;

  /// From now on spans go there, or nowhere; also before the I/O context runs.
  void adopt(collector to);

  /// Posts what there is within that time, and no more. On another thread,
  /// while the I/O context runs; returns when it is done. Idempotent.
  void stop(std::chrono::milliseconds longest);

private:
  using clock = std::chrono::steady_clock;

  /// A request that is to be answered.
  struct batch {
    std::shared_ptr<const std::string> body;
    std::size_t spans = 0; ///< 0: there is none
    core::failed_tries tries{.count = 0};
    clock::time_point began{};
  };

  explicit span_exporter(deps given);

  void look();
  void look_later();
  void send();
  void answered(const http::client_result& result);
  void taken(std::size_t rejected);
  void failed(std::string why, bool may_be_tried,
              std::chrono::milliseconds retry_after);
  void stop_by(clock::time_point end, std::function<void()> done);
  void cut_off_later();
  void end_if_done();

  deps deps_;
  core::retry_policy policy_;
  collector to_;
  batch batch_;
  bool on_wire_ = false;
  clock::time_point sent_{}; ///< the last request,
  /// and how whom it was sent to is: another may have been adopted since.
  std::shared_ptr<telemetry::upstream_health> asked_{};
  /// When all is to be done, once it is to stop.
  std::optional<clock::time_point> end_{};
  std::function<void()> done_{}; ///< is told so; empty: it was, or nobody waits
  boost::asio::steady_timer turn_;
  boost::asio::steady_timer retry_;
};

} // namespace mfo::node
