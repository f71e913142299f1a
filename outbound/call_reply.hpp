#pragma once

#include "http/client.hpp"
#include "taskflow/call.hpp"

#include <string>
#include <vector>

namespace mfo::outbound {

/// What a task gets of a reply from `host`:
///
/// - `status`, a number;
/// - `headers`, an object: names in lower case; values of the same name joined
///   by ", " (RFC 9110, section 5.3), but those of set-cookie, which cannot be
///   joined, always as a list;
/// - `body`: JSON where the reply says that it is (application/json, text/json,
///   …+json), null where it says so and is empty; else a text, where it is
///   UTF-8; else, and where it is compressed, {"base64": …}.
///
/// A status that is not accepted (`accept`; empty: any 2xx) is the failure
/// `http_status`; JSON that is none, or nested too deep, is `bad_reply`.
[[nodiscard]] taskflow::call_result make_result(http::client_response reply,
                                                const std::vector<int>& accept,
                                                const std::string& host);

/// Why there is no reply from `host`, as a task is told:
///
/// | code | when | may succeed later |
/// | --- | --- | --- |
/// | `not_allowed` | an address that must not be called | no; refused |
/// | `dns`, `connect`, `timeout` | no address, no connection, no time | yes |
/// | `tls` | the certificate, or TLS itself | no |
/// | `broken` | the connection broke before the reply was whole | yes |
/// | `too_large` | the reply is over the bound | no |
/// | `busy`, `closed` | too many calls; the node stops | yes |
/// | `bad_request` | it cannot be sent | no |
[[nodiscard]] taskflow::call_failure
make_failure(const http::client_error& error, const std::string& host);

} // namespace mfo::outbound
