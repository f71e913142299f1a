#pragma once

#include "core/errc.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::telemetry {

/// How one try at the MFO server ended, as a label.
enum class try_result : std::uint8_t {
  success,      ///< "2xx"
  redirect,     ///< "3xx"
  client_error, ///< "4xx"
  server_error, ///< "5xx"
  timeout,
  transport_error,
};

inline constexpr std::array<std::string_view, 6> try_results{
    "2xx", "3xx", "4xx", "5xx", "timeout", "error"};

/// The result of a try that was answered with `status`.
try_result result_of_status(int status) noexcept;

/// What servers and operations are called; the indexes of both are what calls
/// are counted under. More servers may follow.
struct upstream_names {
  std::vector<std::string> servers;
  std::vector<std::string_view> operations;
};

/// The calls to the servers, by server and operation. A child is made when it
/// is first needed and found by an index from then on. Thread-safe.
class upstream_metrics {
public:
  using seconds = std::chrono::duration<double>;

  upstream_metrics(prometheus::Registry& registry, upstream_names names);

  /// The index of the server of this name, which is added if it is not there.
  /// None is ever removed: what was counted stays counted.
  std::size_t add(const std::string& server);

  void tried(std::size_t server, std::size_t operation, try_result result,
             seconds took, bool is_retry);

  /// A call was answered without a try.
  void refused(std::size_t server, core::errc reason);

private:
  struct of_operation {
    std::array<std::atomic<prometheus::Histogram*>, try_results.size()>
        durations{};
    std::atomic<prometheus::Counter*> retries{nullptr};
  };

  struct of_server {
    std::string name;
    std::vector<of_operation> operations;
  };

  of_server& at(std::size_t server);

  std::vector<std::string_view> operations_;
  prometheus::Family<prometheus::Histogram>* durations_;
  prometheus::Family<prometheus::Counter>* retries_;
  prometheus::Family<prometheus::Counter>* refused_;
  std::mutex mutex_;
  std::deque<of_server> servers_; ///< grows under mutex_; they do not move
};

} // namespace mfo::telemetry
