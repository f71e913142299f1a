#pragma once

#include "api/sse.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::api {

/// Reads the answer to `make_chat_stream_call` as it comes: events
/// {"content":…}, ended by the data [DONE] or by {"status":"complete"}, since
/// documents disagree. What comes after the end is not looked at; events with
/// none of the known members are passed over.
class chat_stream {
public:
  /// Bytes of one event; for streams that no one has measured.
  static constexpr std::size_t usual_max_event = 1024 * 1024;

  /// Takes a delta: the next part of what is said, a text as a rule.
  using sink = std::function<void(nlohmann::json delta)>;

  explicit chat_stream(std::size_t max_event = usual_max_event)
    : parser_(max_event) {}

  /// Calls `said` for each delta that is whole now. The error is the stream's
  /// own ({"error":…}, or an event named "error"), or that it is malformed; it
  /// stays.
  tl::expected<void, api_error> feed(std::string_view piece, const sink& said);

  /// Whether the end was there: nothing more is needed.
  [[nodiscard]] bool complete() const noexcept {
    return complete_;
  }

  /// To be asked when the reply has ended: `truncated` if the stream's own end
  /// has not come.
  [[nodiscard]] tl::expected<void, api_error> end() const;

  /// The thread, where an event named it; else empty.
  [[nodiscard]] const std::string& thread_id() const noexcept {
    return thread_id_;
  }

private:
  void read(const sse_event& event, const sink& said);

  sse_parser parser_;
  std::string thread_id_;
  std::optional<api_error> error_;
  bool complete_ = false;
};

} // namespace mfo::api
