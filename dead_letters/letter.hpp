#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace mfo::dead_letters {

using unix_ms = std::chrono::milliseconds; ///< since 1970-01-01T00:00:00Z

/// An event that was acknowledged and could not be delivered: all that is
/// needed to understand why, and to deliver it after all.
struct letter {
  std::string event_id; ///< also the Idempotency-Key of a replay
  std::string type;     ///< of the event, e.g. "webhook.received"
  std::string endpoint; ///< id of the endpoint that took it in
  std::string server;   ///< name of the server that it was for
  std::string node;     ///< name of the node that gave up
  std::string reason;   ///< slug of core::errc
  std::string detail;   ///< for people; no secrets
  unsigned attempts = 0;
  int last_status = 0; ///< of the server's last reply; 0: it gave none
  unix_ms received_at{0};
  unix_ms dead_at{0};
  std::string traceparent;  ///< W3C Trace Context of the calls
  std::string tracestate{}; ///< what goes with it; empty: nothing does
  std::string body;         ///< as it is sent to the server, byte for byte
};

using letter_ptr = std::shared_ptr<const letter>;

} // namespace mfo::dead_letters
