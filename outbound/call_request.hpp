#pragma once

#include "http/client.hpp"
#include "taskflow/call.hpp"

#include <tl/expected.hpp>

namespace mfo::outbound {

/// The request for `target`, but for its time-out and ticket. Refused are:
///
/// - methods other than GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS;
/// - headers that say how the message is sent, or to whom, which are the
///   client's to set: Host, Content-Length, Transfer-Encoding, User-Agent,
///   Expect, those of one hop (RFC 9110, section 7.6.1) and all of Proxy-;
/// - names that are no tokens and values with a line break, NUL or another
///   control character (RFC 9110, section 5.5).
///
/// The failure never quotes a value.
[[nodiscard]] tl::expected<http::client_request, taskflow::call_failure>
make_request(taskflow::http_request_call call, std::string target);

} // namespace mfo::outbound
