#pragma once

#include "api/api_error.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::api {

/// A server-sent event (WHATWG HTML, section 9.2).
struct sse_event {
  std::string type; ///< "message" where the stream names none
  std::string data; ///< lines joined by LF
  std::string id;   ///< the last one that the stream named, so far
};

/// Reads an event stream that comes in pieces of any size (WHATWG HTML,
/// section 9.2.6). The bytes are taken for UTF-8 and not checked. An event
/// that the stream ends in the middle of is none, as the standard has it.
class sse_parser {
public:
  using sink = std::function<void(sse_event)>;

  /// `max_event`: bytes of a line, and of an event's data, together.
  explicit sse_parser(std::size_t max_event) : max_event_(max_event) {}

  /// Calls `found` for each event that is whole now. The error, for an event
  /// that is too large, stays: nothing is read any more.
  tl::expected<void, api_error> feed(std::string_view piece, const sink& found);

  /// How long the server wants a client to wait before it connects again.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const {
    return retry_;
  }

private:
  void end_line(const sink& found);
  void read_field(std::string_view name, std::string_view value);
  void dispatch(const sink& found);

  std::size_t max_event_;
  std::string line_; ///< the part of it that is here
  sse_event event_;  ///< the one that is being read
  std::optional<std::chrono::milliseconds> retry_;
  bool first_line_ = true;
  bool after_cr_ = false; ///< an LF now belongs to the CR before it
  bool too_large_ = false;
};

} // namespace mfo::api
