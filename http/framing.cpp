#include "http/framing.hpp"

#include "core/text.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mfo::http {

namespace {

/// A chunk's size line with its extensions, which nobody needs.
constexpr std::size_t max_chunk_line = 256;

/// Fields of a head and its trailer. RESTinio keeps about 80 bytes for each,
/// however short, while the body comes.
constexpr std::size_t max_fields = 256;

/// What chunks may cost: this, and twice the size of the body. A chunk costs
/// its line, the end of its data, and what RESTinio keeps of where it was. So
/// chunks of 18 bytes or more are always good.
constexpr std::size_t max_chunk_cost = 128 * 1024;
constexpr std::size_t kept_of_chunk = 32;

constexpr std::string_view transfer_encoding{"Transfer-Encoding"};

/// Digits only, no sign, no space, no overflow.
std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || last != end || text.empty())
    return std::nullopt;
  return value;
}

/// A line feed without a carriage return before it, at `begin` or later.
bool has_bare_line_feed(std::string_view text, std::size_t begin) noexcept {
  for (auto at = text.find('\n', begin); at != std::string_view::npos;
       at = text.find('\n', at + 1))
    if (at == 0 || text[at - 1] != '\r')
      return true;
  return false;
}

} // namespace

std::string_view target_path(std::string_view target) noexcept {
  if (is_absolute_form(target)) {
    const auto authority = target.find("://") + 3;
    const auto path = target.find_first_of("/?", authority);
    if (path == std::string_view::npos || target[path] == '?')
      return "/";
    target.remove_prefix(path);
  }
  return target.substr(0, target.find('?'));
}

framing::step framing::refuse(core::errc code) noexcept {
  state_ = state::refused;
  error_ = code;
  return {verdict::refused, 0};
}

/// `why` is a literal. Always false.
bool framing::fail(core::errc code, std::string_view why) noexcept {
  error_ = code;
  flaw_ = why;
  return false;
}

bool framing::fail(std::string_view why) noexcept {
  return fail(core::errc::malformed_request, why);
}

framing::step framing::feed(std::string_view bytes) {
  if (state_ == state::head)
    return feed_head(bytes);
  if (state_ == state::refused)
    return {verdict::refused, 0};
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto rest = bytes.substr(used);
    const auto next = state_ == state::body || state_ == state::chunk_data
                          ? feed_body(rest)
                          : feed_line(rest);
    used += next.used;
    if (next.what != verdict::incomplete)
      return {next.what, used};
    if (next.used == 0)
      break; // a line that is not whole
  }
  return {verdict::incomplete, used};
}

framing::step framing::feed_head(std::string_view bytes) {
  path_.clear();
  // An empty line before the request line is to be ignored (RFC 9112, 2.2).
  const auto start = bytes.starts_with("\r\n") ? std::size_t{2} : 0;
  // Three bytes of the four that end a head may have been looked at.
  const auto from = std::max(start + 3, looked_at_) - 3;
  const auto end = bytes.find("\r\n\r\n", from);
  looked_at_ = bytes.size();
  // They may be here, too, and more of a head that is too large.
  const auto size = end != std::string_view::npos
                        ? end
                        : std::max<std::size_t>(bytes.size(), 3) - 3;
  // A bare line feed would never become an end of the head: say so at once, and
  // the same however the bytes were cut.
  const auto lines = bytes.substr(0, std::min(size, limits_.max_header) + 3);
  if (has_bare_line_feed(lines, from)) {
    fail("a line feed without a carriage return in the head");
    return refuse(error_);
  }
  if (size > limits_.max_header)
    return refuse(core::errc::header_too_large);
  if (end == std::string_view::npos)
    return {verdict::incomplete, 0};
  looked_at_ = 0;
  if (!read_head(bytes.substr(start, end + 2 - start)) || !finish_head())
    return refuse(error_);
  return {state_ == state::head ? verdict::complete : verdict::head, end + 4};
}

/// `head` is lines that each end in CRLF.
bool framing::read_head(std::string_view head) {
  flaw_ = {};
  expects_continue_ = expects_other_ = asks_upgrade_ = chunked_ = false;
  fields_ = hosts_ = 0;
  chunk_cost_ = 0;
  content_length_.reset();
  body_announced_ = remaining_ = trailer_size_ = 0;
  bool first = true;
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (!(first ? read_request_line(line) : read_field(line)))
      return false;
    first = false;
  }
  return !first || fail("no request line");
}

bool framing::read_request_line(std::string_view line) {
  const auto method_end = line.find(' ');
  const auto target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || method_end == target_end)
    return fail("the request line is not method, target and version");
  const auto method = line.substr(0, method_end);
  const auto target = line.substr(method_end + 1, target_end - method_end - 1);
  const auto version = line.substr(target_end + 1);
  path_ = target_path(target);
  known_method_ = method != "CONNECT" && is_known_method(method);
  // CONNECT has a form of its own (RFC 9112, section 3.2.3).
  if (!is_token(method) || !is_target(target) ||
      (target.front() != '/' && target != "*" &&
       !is_good_absolute_form(target) && method != "CONNECT"))
    return fail("a method or target that is none");
  http_1_0_ = version == "HTTP/1.0";
  return http_1_0_ || version == "HTTP/1.1" ||
         fail("a version that is neither HTTP/1.0 nor HTTP/1.1");
}

bool framing::read_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return fail("a field without a colon");
  const auto name = line.substr(0, colon);
  const auto padded = line.substr(colon + 1);
  const auto value = core::trim_blanks(padded);
  // A name that is no token is also a folded line or a space before the colon.
  if (!is_token(name))
    return fail("a field's name that is none: folded, or a space before the "
                "colon");
  if (!is_field_value(value))
    return fail("a control character in a field");
  ++fields_;
  // http_parser 2.9.4 fails on a tab behind one of the two values that frame
  // a body, and takes a name that begins as Transfer-Encoding for it.
  const bool ends_with_tab = padded.find_last_of('\t') != padded.npos &&
                             padded.find_last_of('\t') > padded.find(value);
  if (core::equal_ignoring_case(name, "Host")) {
    ++hosts_;
    return is_host(value) || fail("a Host that is none");
  }
  if (core::equal_ignoring_case(name, "Content-Length")) {
    const bool repeated = content_length_.has_value();
    content_length_ = parse_number(value, 10);
    return (content_length_ && !ends_with_tab
                ? !repeated || fail("two Content-Lengths")
                : fail("a Content-Length that is no number"));
  }
  if (core::equal_ignoring_case(name.substr(0, transfer_encoding.size()),
                                transfer_encoding)) {
    const bool repeated = std::exchange(chunked_, true);
    return (name.size() == transfer_encoding.size() && !repeated &&
            core::equal_ignoring_case(value, "chunked") && !ends_with_tab) ||
           fail("a Transfer-Encoding that is not chunked, once");
  }
  if (core::equal_ignoring_case(name, "Expect")) {
    const bool known = core::equal_ignoring_case(value, "100-continue");
    expects_continue_ |= known;
    expects_other_ |= !known;
  } else if (core::equal_ignoring_case(name, "Upgrade")) {
    asks_upgrade_ = true;
  }
  return true;
}

bool framing::finish_head() {
  if (http_1_0_ && chunked_)
    return fail("chunked coding in HTTP/1.0");
  if (http_1_0_ ? hosts_ > 1 : hosts_ != 1)
    return fail(hosts_ > 1 ? "two Hosts" : "no Host");
  if (chunked_ && content_length_)
    return fail("both Content-Length and Transfer-Encoding");
  if (fields_ > max_fields)
    return fail(core::errc::header_too_large, "too many fields");
  if (!known_method_)
    return fail(core::errc::method_not_allowed, "a method that nobody knows");
  // An expectation in HTTP/1.0 is to be ignored (RFC 9110, section 10.1.1).
  expects_continue_ = expects_continue_ && !http_1_0_;
  if (expects_other_ && !http_1_0_)
    return fail(core::errc::expectation_failed, "not 100-continue");
  if (chunked_) {
    state_ = state::chunk_size;
    return true;
  }
  body_announced_ = remaining_ = content_length_.value_or(0);
  if (body_announced_ > limits_.max_body)
    return fail(core::errc::payload_too_large, "by its Content-Length");
  state_ = remaining_ > 0 ? state::body : state::head;
  return true;
}

framing::step framing::feed_body(std::string_view bytes) {
  const auto used = static_cast<std::size_t>(
      std::min<std::uint64_t>(remaining_, bytes.size()));
  remaining_ -= used;
  if (remaining_ > 0)
    return {verdict::incomplete, used};
  if (state_ == state::chunk_data) {
    state_ = state::chunk_end;
    return {verdict::incomplete, used};
  }
  state_ = state::head;
  return {verdict::complete, used};
}

/// What is read line by line: chunk sizes, the end of a chunk, trailers.
framing::step framing::feed_line(std::string_view bytes) {
  const auto feed = bytes.find('\n', looked_at_);
  const auto size = std::min(feed, bytes.size() - 1) + 1;
  if (state_ != state::trailer && size > max_chunk_line) {
    fail("the line of a chunk is too long");
    return refuse(error_);
  }
  if (state_ == state::trailer && trailer_size_ + size > limits_.max_header)
    return refuse(core::errc::header_too_large);
  looked_at_ = feed == std::string_view::npos ? size : 0;
  if (looked_at_ > 0)
    return {verdict::incomplete, 0};
  if (!bytes.substr(0, size).ends_with("\r\n")) {
    fail("a line feed without a carriage return in the body");
    return refuse(error_);
  }
  const auto line = bytes.substr(0, size - 2);
  bool good = true;
  bool complete = false;
  if (state_ == state::chunk_end) {
    good = line.empty() || fail("a chunk that is longer than its size");
    state_ = state::chunk_size;
  } else if (state_ == state::chunk_size) {
    good = read_chunk_size(line);
  } else {
    complete = line.empty();
    good = complete || read_trailer(line);
    trailer_size_ += line.size();
  }
  if (!good)
    return refuse(error_);
  if (!complete)
    return {verdict::incomplete, size};
  state_ = state::head;
  return {verdict::complete, size};
}

bool framing::read_trailer(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return fail("a trailer without a colon");
  const auto name = line.substr(0, colon);
  // What says where a request ends, or for whom it is, comes too late here (RFC
  // 9110, section 6.5.1).
  if (!is_token(name) || !is_field_value(line.substr(colon + 1)) ||
      core::equal_ignoring_case(name, "Content-Length") ||
      core::equal_ignoring_case(name, "Transfer-Encoding") ||
      core::equal_ignoring_case(name, "Host"))
    return fail("a trailer that may not be one");
  return ++fields_ <= max_fields ||
         fail(core::errc::header_too_large, "too many fields");
}

bool framing::read_chunk_size(std::string_view line) {
  const auto extension = line.find(';');
  auto digits = line.substr(0, extension);
  // Spaces may stand before an extension, and some senders pad with them.
  while (digits.ends_with(' '))
    digits.remove_suffix(1);
  const auto size = parse_number(digits, 16);
  if (!size || (extension != std::string_view::npos &&
                !is_field_value(line.substr(extension))))
    return fail("a chunk's size that is none");
  if (*size > limits_.max_body -
                  std::min<std::uint64_t>(body_announced_, limits_.max_body))
    return fail(core::errc::payload_too_large, "by its chunks");
  body_announced_ += *size;
  chunk_cost_ += line.size() + 4 + kept_of_chunk;
  if (chunk_cost_ > max_chunk_cost + 2 * body_announced_)
    return fail("chunks that cost far more than the body");
  remaining_ = *size;
  state_ = *size > 0 ? state::chunk_data : state::trailer;
  return true;
}

} // namespace mfo::http
