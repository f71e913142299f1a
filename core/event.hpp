#pragma once

#include "config/ip_network.hpp"
#include "config/settings.hpp"
#include "core/generation.hpp"
#include "core/header_fields.hpp"
#include "core/stage.hpp"
#include "core/trace_context.hpp"
#include "core/trail.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::core {

/// One event on its way: immutable from the moment intake admits it, so that
/// any thread may read it and a hop copies a pointer.
///
/// The event owns one buffer, the envelope: the body that goes to the server,
/// with the sender's payload spliced in as received. Verification and parsing
/// look at the payload inside it; no second copy is ever made of a payload that
/// is JSON as it stands. Where the body has to be decoded, what the validator
/// finds in it are other events in place of this one (`refine`).
struct event {
  std::string id;
  std::shared_ptr<const config::endpoint_settings> endpoint;
  generation_ptr generation; ///< the configuration that it came in under
  /// The id is made of the sender's own id of the delivery, so that a repeated
  /// delivery has it again.
  bool named_by_sender = false;
  /// Genuine, and its payload is one well-formed JSON text: made by `refine`,
  /// or here.
  bool proven = false;
  /// What the endpoint's signature is, and what the body is decoded by.
  header_fields fields;
  /// As sent, with the query; only where the signature covers it.
  std::string target;
  std::string own_type;   ///< empty: as its endpoint says
  std::string own_source; ///< empty: its endpoint
  /// With other events of its endpoint that have the same it runs in order, one
  /// after the other (core/ordering_key.hpp). Empty: it waits for no other.
  std::string ordering_key;
  unsigned hops = 0;         ///< events of taskflows that it came of
  config::ip_address client; ///< who sent the request, be it through proxies
  /// W3C Trace Context for the call to the server: the span in it is this
  /// event's own, at this node.
  traceparent_text traceparent;
  std::string tracestate; ///< as it came; empty: none that goes on
  /// Whose child that span is: the sender's, or that of the node which gave the
  /// event to this one. 0: nobody's.
  std::uint64_t parent_span = 0;
  /// {"id":…,"payload":<as received>,"metadata":{…}}; has `json_padding` bytes
  /// of capacity beyond the payload's end, as the JSON check wants.
  std::string envelope;
  std::size_t payload_offset = 0;
  std::size_t payload_size = 0;
  std::chrono::steady_clock::time_point received_at;
  std::chrono::milliseconds received_unix{0}; ///< the same, since 1970
  /// When another node gave it to this one; nothing: it came in here.
  std::optional<std::chrono::steady_clock::time_point> given_at;
  /// By then it has ended, and a sender who waits is answered, whatever has
  /// happened.
  std::chrono::steady_clock::time_point deadline;
  // Bookkeeping, not content: which stage holds the event, and what was
  // decided.
  mutable stage_marker where;
  mutable core::trail trail;

  [[nodiscard]] std::string_view type() const noexcept {
    return own_type.empty() ? std::string_view{endpoint->event_type} : own_type;
  }

  /// Where it is from: "webhook/" and its endpoint, unless it says otherwise.
  [[nodiscard]] std::string source() const {
    return own_source.empty() ? "webhook/" + endpoint->id : own_source;
  }

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
