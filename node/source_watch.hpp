#pragma once

#include "config/settings.hpp"
#include "core/silence.hpp"
#include "http/dependency.hpp"
#include "telemetry/ledger.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mfo::node {

/// Notices when nothing comes to an endpoint any more to which something came
/// before, and says so in the log, once, and once more when it is over. What
/// comes is what the ledger has counted.
class source_watch {
public:
  using clock = std::chrono::steady_clock;

  source_watch(std::shared_ptr<const telemetry::ledger> events,
               std::shared_ptr<telemetry::log> log)
    : events_(std::move(events)), log_(std::move(log)) {}

  /// To be called every second or so, by one thread.
  void look(const std::vector<config::endpoint_settings>& endpoints,
            clock::time_point now);

  /// As of the last look, in the order of the endpoints. Any thread.
  [[nodiscard]] std::vector<http::source> sources() const;

private:
  struct entry {
    std::uint64_t genuine = 0;
    clock::time_point since; ///< it is watched
    core::silence silence{};
    bool silent = false;
  };

  void tell(const http::source& what, clock::time_point now) const;

  std::shared_ptr<const telemetry::ledger> events_;
  std::shared_ptr<telemetry::log> log_;
  std::map<std::string, entry> entries_; ///< of the one thread

  mutable std::mutex mutex_;
  std::vector<http::source> last_; ///< guarded by mutex_
};

} // namespace mfo::node
