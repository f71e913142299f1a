#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What the admin listener needs of the node to have its configuration read
/// again.
namespace mfo::http {

/// What has come of that.
struct reload_report {
  std::string reason{}; ///< "start", "SIGHUP", "a file has changed", a peer
  std::chrono::milliseconds at{0}; ///< since 1970
  std::uint64_t generation = 0;    ///< the number of what is in force now
  /// Keys whose values are others now, as config::changed_keys has them.
  std::vector<std::string> changed{};
  /// Why it is not in force: a line each. Empty: it is.
  std::vector<std::string> problems{};
  bool stopping = false; ///< the node stops, so it was not tried
};

struct reload_control {
  /// Reads the configuration again, for this reason, and calls back once, on
  /// any thread. Must not block. Empty: there is nothing to be read.
  std::function<void(std::string reason,
                     std::function<void(const reload_report&)> done)>
      ask;

  /// Of the last time; of the start, if there was none. Any thread.
  std::function<reload_report()> last;
};

} // namespace mfo::http
