#pragma once

#include "config/settings.hpp"
#include "core/stage.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mfo::core {

/// One event on its way: immutable from the moment intake admits it, so that
/// any thread may read it and a hop copies a pointer.
///
/// The event owns one buffer, the envelope: the body that goes to the server,
/// with the sender's payload spliced in as received. Verification and parsing
/// look at the payload inside it; no second copy is ever made.
struct event {
  std::string id;
  std::shared_ptr<const config::endpoint_settings> endpoint;
  /// Value of the signature header as received; empty: absent.
  std::string signature;
  /// W3C Trace Context for the call to the server.
  std::string traceparent;
  /// {"id":…,"payload":<as received>,"metadata":{…}}; has `json_padding` bytes
  /// of capacity beyond the payload's end, as the JSON check wants.
  std::string envelope;
  std::size_t payload_offset = 0;
  std::size_t payload_size = 0;
  std::chrono::steady_clock::time_point received_at;
  std::chrono::milliseconds received_unix{0}; ///< the same, since 1970
  /// By then it has ended, and a sender who waits is answered, whatever has
  /// happened.
  std::chrono::steady_clock::time_point deadline;
  /// Bookkeeping, not content: which stage holds the event.
  mutable stage_marker where;

  /// The sender's bytes.
  [[nodiscard]] std::string_view payload() const noexcept {
    return std::string_view{envelope}.substr(payload_offset, payload_size);
  }
};

using event_ptr = std::shared_ptr<const event>;

/// The envelope as a body that keeps its event alive.
inline std::shared_ptr<const std::string> body_of(const event_ptr& ev) {
  return {ev, &ev->envelope};
}

} // namespace mfo::core
