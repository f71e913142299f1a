#pragma once

#include "api/api_error.hpp"
#include "api/call.hpp"

#include "config/server_settings.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mfo::api {

/// The bytes of one event as they are sent; they are never looked at.
using envelope_ptr = std::shared_ptr<const std::string>;

struct event_request {
  envelope_ptr envelope; ///< not null
  config::event_format format = config::event_format::mfo;
};

/// POST of one event. A CloudEvent goes in structured mode (CloudEvents 1.0,
/// HTTP binding, section 3.2).
call make_event_call(const config::path_settings& paths,
                     const event_request& request);

/// The event is the server's. Both members may be empty: any 2xx will do.
struct event_reply {
  std::string id;
  std::string status;
};

tl::expected<event_reply, api_error>
parse_event_reply(const http::client_response& reply);

struct event_batch_request {
  std::vector<envelope_ptr> envelopes; ///< none of them null
  config::event_format format = config::event_format::mfo;
};

/// POST of several events in one JSON array (for CloudEvents: JSON batch
/// format, section 4), each byte for byte; the bytes are copied once.
call make_event_batch_call(const config::path_settings& paths,
                           const event_batch_request& request);

/// What became of one event of a batch.
struct event_outcome {
  std::string id; ///< as the server has it; may be empty
  /// Nothing: accepted. `is_transient` tells whether to send it again; so it
  /// does for an outcome that isn't understood, since events are safe to
  /// repeat and one must not be lost by a guess.
  std::optional<api_error> error;
};

struct event_batch_reply {
  /// As the server lists them; empty: it took the batch as a whole.
  std::vector<event_outcome> outcomes;
};

/// Understands {"results":[{"id","status"}…]} and the bare array. An event
/// failed if its `status` is a number that is no 2xx or a word for failure, or
/// if it has an `error`.
tl::expected<event_batch_reply, api_error>
parse_event_batch_reply(const http::client_response& reply);

/// The outcome of each event that was sent, in that order: by id; by position
/// where the server names no ids and lists as many as were sent. An event
/// that the list leaves out may be sent again.
std::vector<event_outcome> match_outcomes(const event_batch_reply& reply,
                                          std::span<const std::string> ids);

} // namespace mfo::api
