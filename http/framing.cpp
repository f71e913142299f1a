#include "http/framing.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <charconv>

namespace mfo::http {

namespace {

/// A chunk's size line with its extensions, which nobody needs.
constexpr std::size_t max_chunk_line = 256;

/// RFC 9110, section 5.6.2.
constexpr bool is_token_char(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

/// Visible characters, spaces, tabs and obs-text (RFC 9110, section 5.5).
bool is_field_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

/// No spaces, no controls; printable ASCII alone.
bool is_target(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F;
  });
}

std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool iequals(std::string_view a, std::string_view b) noexcept {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

/// Digits only, no sign, no space, no overflow.
std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || last != end || text.empty())
    return std::nullopt;
  return value;
}

/// A line feed without a carriage return before it.
bool has_bare_line_feed(std::string_view text) noexcept {
  for (auto at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1))
    if (at == 0 || text[at - 1] != '\r')
      return true;
  return false;
}

bool is_absolute_form(std::string_view target) noexcept {
  return target.starts_with("http://") || target.starts_with("https://");
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
  }
  return {verdict::incomplete, used};
}

framing::step framing::feed_head(std::string_view bytes) {
  path_.clear();
  // An empty line before the request line is to be ignored (RFC 9112, 2.2).
  const auto start = bytes.starts_with("\r\n") ? std::size_t{2} : 0;
  const auto end = bytes.find("\r\n\r\n", start);
  // Three bytes of the four that end a head may be here, and more of a head
  // that is too large.
  const auto size = end != std::string_view::npos
                        ? end
                        : std::max<std::size_t>(bytes.size(), 3) - 3;
  if (size > limits_.max_header)
    return refuse(core::errc::header_too_large);
  if (end == std::string_view::npos) {
    // A bare line feed would never become an end of the head: say so now.
    if (has_bare_line_feed(bytes))
      return refuse(core::errc::malformed_request);
    return {verdict::incomplete, bytes.size()};
  }
  if (!read_head(bytes.substr(start, end + 2 - start)) || !finish_head())
    return refuse(error_);
  return {state_ == state::head ? verdict::complete : verdict::head, end + 4};
}

/// `head` is lines that each end in CRLF.
bool framing::read_head(std::string_view head) {
  error_ = core::errc::malformed_request;
  expects_continue_ = expects_other_ = asks_upgrade_ = chunked_ = false;
  hosts_ = 0;
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
  return !first;
}

bool framing::read_request_line(std::string_view line) {
  const auto method_end = line.find(' ');
  const auto target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || method_end == target_end)
    return false;
  const auto method = line.substr(0, method_end);
  const auto target = line.substr(method_end + 1, target_end - method_end - 1);
  const auto version = line.substr(target_end + 1);
  path_ = target_path(target);
  if (!is_token(method) || method == "CONNECT" || !is_target(target) ||
      (target.front() != '/' && target != "*" && !is_absolute_form(target)))
    return false;
  http_1_0_ = version == "HTTP/1.0";
  return http_1_0_ || version == "HTTP/1.1";
}

bool framing::read_field(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return false;
  const auto name = line.substr(0, colon);
  const auto value = trim(line.substr(colon + 1));
  // A name that is no token is also a folded line or a space before the colon.
  if (!is_token(name) || !is_field_value(value))
    return false;
  if (iequals(name, "Host")) {
    ++hosts_;
  } else if (iequals(name, "Content-Length")) {
    const bool repeated = content_length_.has_value();
    content_length_ = parse_number(value, 10);
    return content_length_ && !repeated;
  } else if (iequals(name, "Transfer-Encoding")) {
    if (chunked_ || !iequals(value, "chunked"))
      return false;
    chunked_ = true;
  } else if (iequals(name, "Expect")) {
    const bool known = iequals(value, "100-continue");
    expects_continue_ |= known;
    expects_other_ |= !known;
  } else if (iequals(name, "Upgrade")) {
    asks_upgrade_ = true;
  }
  return true;
}

bool framing::finish_head() {
  if (http_1_0_ ? hosts_ > 1 || chunked_ : hosts_ != 1)
    return false;
  if (chunked_ && content_length_)
    return false;
  // An expectation in HTTP/1.0 is to be ignored (RFC 9110, section 10.1.1).
  expects_continue_ = expects_continue_ && !http_1_0_;
  if (expects_other_ && !http_1_0_) {
    error_ = core::errc::expectation_failed;
    return false;
  }
  if (chunked_) {
    state_ = state::chunk_size;
    return true;
  }
  body_announced_ = remaining_ = content_length_.value_or(0);
  if (body_announced_ > limits_.max_body) {
    error_ = core::errc::payload_too_large;
    return false;
  }
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
  const auto feed = bytes.find('\n');
  const auto used = std::min(feed, bytes.size() - 1) + 1;
  line_.append(bytes.substr(0, used));
  if (state_ != state::trailer && line_.size() > max_chunk_line)
    return refuse(core::errc::malformed_request);
  if (state_ == state::trailer &&
      trailer_size_ + line_.size() > limits_.max_header)
    return refuse(core::errc::header_too_large);
  if (feed == std::string_view::npos)
    return {verdict::incomplete, used};
  if (!line_.ends_with("\r\n"))
    return refuse(core::errc::malformed_request);
  const auto line = std::string_view{line_}.substr(0, line_.size() - 2);
  bool good = true;
  bool complete = false;
  if (state_ == state::chunk_end) {
    good = line.empty();
    state_ = state::chunk_size;
  } else if (state_ == state::chunk_size) {
    good = read_chunk_size(line);
  } else {
    complete = line.empty();
    const auto colon = line.find(':');
    good = complete || (colon != std::string_view::npos &&
                        is_token(line.substr(0, colon)) &&
                        is_field_value(line.substr(colon + 1)));
    trailer_size_ += line_.size();
  }
  line_.clear();
  if (!good)
    return refuse(error_);
  if (!complete)
    return {verdict::incomplete, used};
  state_ = state::head;
  return {verdict::complete, used};
}

bool framing::read_chunk_size(std::string_view line) {
  error_ = core::errc::malformed_request;
  const auto extension = line.find(';');
  auto digits = line.substr(0, extension);
  // Spaces may stand before an extension, and some senders pad with them.
  while (digits.ends_with(' '))
    digits.remove_suffix(1);
  const auto size = parse_number(digits, 16);
  if (!size || (extension != std::string_view::npos &&
                !is_field_value(line.substr(extension))))
    return false;
  if (*size > limits_.max_body -
                  std::min<std::uint64_t>(body_announced_, limits_.max_body)) {
    error_ = core::errc::payload_too_large;
    return false;
  }
  body_announced_ += *size;
  remaining_ = *size;
  state_ = *size > 0 ? state::chunk_data : state::trailer;
  return true;
}

} // namespace mfo::http
