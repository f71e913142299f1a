#pragma once

#include <cstddef>
#include <string>

namespace mfo::config {

/// Where an event's ordering key is: in at most one of these two. In neither:
/// the events of the endpoint run in any order.
struct ordering_settings {
  std::string header;              ///< name of a field of the request's head
  std::string field;               ///< JSON Pointer (RFC 6901) into the payload
  std::size_t max_waiting = 1'000; ///< events of one key that wait, at a node

  [[nodiscard]] bool empty() const noexcept {
    return header.empty() && field.empty();
  }

  friend bool operator==(const ordering_settings&,
                         const ordering_settings&) = default;
};

} // namespace mfo::config
