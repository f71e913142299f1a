#pragma once

#include <chrono>
#include <string>
#include <string_view>

/// What the node asks a server to tell it.
namespace mfo::config {

using std::chrono::milliseconds;

/// A subscription to a server's events: whenever there is one, the server
/// posts to one of this node's endpoints.
struct notification_settings {
  std::string server;       ///< name of an entry of the servers
  std::string event;        ///< a type, or the beginning of one and `*`
  std::string endpoint;     ///< id of the endpoint that takes the callbacks
  std::string callback_url; ///< where the server reaches that endpoint
  /// From one successful subscription to the next, as a server may forget.
  milliseconds renew{3'600'000};

  friend bool operator==(const notification_settings&,
                         const notification_settings&) = default;
};

/// Whether a subscription to `event` asks for events of this type.
[[nodiscard]] inline bool asks_for(std::string_view event,
                                   std::string_view type) noexcept {
  return event.ends_with('*')
             ? type.starts_with(event.substr(0, event.size() - 1))
             : type == event;
}

} // namespace mfo::config
