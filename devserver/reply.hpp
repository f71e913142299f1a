#pragma once

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::devserver {

/// Gives the next piece of a body; an empty one is the end.
using body_source = std::function<std::string()>;

struct reply {
  int status = 200;
  std::string body{};
  /// Set: the body comes piece by piece from here, chunked, and `body` is not
  /// used.
  body_source pieces{};
  std::string_view content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers{};
};

reply json_reply(int status, const nlohmann::json& value);

/// The documented error shape: {"error":{"code","message","status"}}. The code
/// follows from the status.
reply error_reply(int status, std::string_view message);

/// A JSON string literal; bytes that are not UTF-8 become U+FFFD.
std::string json_text(std::string_view text);

/// How a reply's head is framed.
struct framing {
  bool close = false;    ///< say that the connection will be closed
  bool chunked = false;  ///< of `reply::pieces`, which HTTP/1.0 does not know
  long length_error = 0; ///< added to Content-Length, for the fault
  std::chrono::system_clock::time_point date{}; ///< when the reply is made
};

/// Status line and header fields, the empty line included.
std::string render_head(const reply& answer, const framing& how);

} // namespace mfo::devserver
