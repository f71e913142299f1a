#include "api/sse.hpp"

#include "config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::api {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Nobody waits longer than this to connect again.
constexpr std::uint64_t max_retry_ms = 24 * 3600 * 1000;

} // namespace

tl::expected<void, api_error> sse_parser::feed(std::string_view piece,
                                               const sink& found) {
  while (!piece.empty() && !too_large_) {
    if (std::exchange(after_cr_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const auto end = std::min(piece.find_first_of("\r\n"), piece.size());
    // Checked before it is kept: a line without an end must not grow.
    too_large_ = line_.size() + end + event_.data.size() > max_event_;
    if (too_large_)
      break;
    line_ += piece.substr(0, end);
    if (end == piece.size())
      break;
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    end_line(found);
  }
  if (!too_large_)
    return {};
  return tl::unexpected(api_error{
      .code = api_errc::bad_reply,
      .message = fmt::format("an event of the stream is larger than {} bytes",
                             max_event_)});
}

void sse_parser::end_line(const sink& found) {
  std::string_view line = line_;
  if (std::exchange(first_line_, false) && line.starts_with(byte_order_mark))
    line.remove_prefix(byte_order_mark.size());
  if (line.empty()) {
    dispatch(found);
  } else if (const auto colon = line.find(':'); colon != 0) {
    auto value = line.substr(std::min(line.size(), line.find(':')));
    value.remove_prefix(std::min<std::size_t>(value.size(), 1));
    if (value.starts_with(' '))
      value.remove_prefix(1);
    read_field(line.substr(0, colon), value);
  } // else a comment
  line_.clear();
}

void sse_parser::read_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    event_.data.append(value).append("\n");
  } else if (name == "event") {
    event_.type = value;
  } else if (name == "id") {
    if (value.find('\0') == value.npos)
      event_.id = value;
  } else if (name == "retry") {
    if (const auto wait = config::parse_integer(value))
      retry_ = std::chrono::milliseconds{std::min(*wait, max_retry_ms)};
  }
}

void sse_parser::dispatch(const sink& found) {
  // The id outlives the event; an event without data is none.
  sse_event whole{std::exchange(event_.type, {}),
                  std::exchange(event_.data, {}), event_.id};
  if (whole.data.empty())
    return;
  whole.data.pop_back(); // the last LF
  if (whole.type.empty())
    whole.type = "message";
  found(std::move(whole));
}

} // namespace mfo::api
