#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// What the admin listener tells of those that the node needs, and of those
/// that need it.
namespace mfo::http {

/// One line of `GET /health`.
struct health_check {
  std::string name;
  bool ok = true;
  std::string detail;
};

/// What the node depends on, and how it is.
struct dependency {
  std::string_view kind; ///< "server", "sink", "collector", "peer"
  std::string name;      ///< unique among those of its kind
  bool up = true;
  std::string detail{}; ///< why it is not up; else of no matter
  /// When it has answered last. Nothing: not since the start.
  std::optional<std::chrono::steady_clock::time_point> last_success{};
  std::optional<std::chrono::steady_clock::duration> latency{}; ///< of that
  /// When the certificate ends that it has shown last. Nothing: none.
  std::optional<std::chrono::sys_seconds> certificate_end{};
};

/// Those who send events to an endpoint, taken together.
struct source {
  std::string endpoint;
  /// Of the last genuine event. Nothing: none since the start.
  std::optional<std::chrono::steady_clock::time_point> last_event{};
  /// How long it may be silent before that is told. Nothing: for as long as it
  /// likes, or that is not known yet.
  std::optional<std::chrono::steady_clock::duration> patience{};
  bool silent = false; ///< for longer than that
};

} // namespace mfo::http
