#pragma once

#include "http/client.hpp"
#include "http/client_config.hpp"

#include <string>
#include <string_view>

namespace mfo::http {

/// What is wrong with `request`, or empty. Refuses what would let a value
/// break out of its line (RFC 9110, section 5.5; RFC 9112, section 3) and the
/// fields that frame the message, which are the client's to set. Never quotes
/// a value.
std::string find_fault(const client_request& request);

/// Writes the head of requests to one server: everything but the body. Through
/// a proxy to an http origin, the target is the whole URL (RFC 9112, section
/// 3.2.2), the connection is to be closed (see connection::asks_proxy) and the
/// proxy's authorization is added.
class request_writer {
public:
  explicit request_writer(const client_config& config);

  /// Appends request line, fields and the empty line. Requires: no fault.
  void append_head(std::string& out, const client_request& request) const;

private:
  std::string before_target_; ///< base path, or URL up to its end
  std::string constant_part_; ///< from " HTTP/1.1" to the last own field
};

/// The request for a tunnel to the server. Requires: config.via.
std::string connect_head(const client_config& config);

} // namespace mfo::http
