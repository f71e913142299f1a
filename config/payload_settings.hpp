#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mfo::config {

/// What the bodies of an endpoint's requests may be.
struct payload_settings {
  bool json = true;         ///< JSON as it stands
  bool form = true;         ///< forms, which become JSON
  bool cloud_events = true; ///< CloudEvents, binary or structured
  bool cloud_batch = false; ///< several CloudEvents in one request

  friend bool operator==(const payload_settings&,
                         const payload_settings&) = default;
};

/// Who may ask by `OPTIONS` whether it may send CloudEvents.
struct handshake_settings {
  /// Host names as senders give them, or "*"; empty: nobody is answered.
  std::vector<std::string> allowed_origins;
  std::uint32_t allowed_rate = 0; ///< events a minute; 0: any

  friend bool operator==(const handshake_settings&,
                         const handshake_settings&) = default;
};

/// Where an event's type is, if not in the configuration: in at most one of
/// these two.
struct event_type_source {
  std::string header; ///< name of a field of the request's head
  std::string field;  ///< JSON Pointer (RFC 6901) into the payload
  std::string prefix; ///< before what is found
  bool fixed = false; ///< the configuration has one: a CloudEvent's own is
                      ///< not looked at

  friend bool operator==(const event_type_source&,
                         const event_type_source&) = default;
};

} // namespace mfo::config
