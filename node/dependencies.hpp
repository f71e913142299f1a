#pragma once

#include "node/status.hpp"

#include "http/dependency.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::node {

/// All that a node depends on at this moment: the servers that it calls, the
/// sinks of its dead letters, the collector of its spans, and its peers but
/// those that have left. Any thread.
std::vector<http::dependency> dependencies(const status_parts& parts);

/// Probes the servers to which nothing was sent for a while, so that one that
/// is down is known before an event needs it, and says in the log what has gone
/// down or has come back. By one thread.
class dependency_watch {
public:
  using clock = std::chrono::steady_clock;

  explicit dependency_watch(std::shared_ptr<telemetry::log> log)
    : log_(std::move(log)) {}

  /// To be called every second or so.
  void look(const status_parts& parts, clock::time_point now);

private:
  void probe_servers(const std::vector<server_link>& servers,
                     clock::time_point now);
  void tell_changes(const std::vector<http::dependency>& all);

  std::shared_ptr<telemetry::log> log_;
  /// When each server was probed last, or first seen.
  std::map<std::string, clock::time_point> probes_;
  /// Those that were there at the last look, and whether they were up.
  std::map<std::pair<std::string_view, std::string>, bool> known_;
};

} // namespace mfo::node
