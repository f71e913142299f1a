#include "outbound/call_url.hpp"

#include "config/host_rule.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace mfo::outbound {

namespace {

bool is_ascii(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x80;
}

bool is_visible(char c) noexcept {
  return c > 0x20 && c < 0x7F;
}

/// "." or "..", each dot perhaps as %2e.
bool is_dot_segment(std::string_view segment) noexcept {
  constexpr std::string_view escaped = "%2e";
  int dots = 0;
  while (!segment.empty()) {
    if (segment.front() == '.')
      segment.remove_prefix(1);
    else if (core::equal_ignoring_case(segment.substr(0, 3), escaped))
      segment.remove_prefix(escaped.size());
    else
      return false;
    ++dots;
  }
  return dots == 1 || dots == 2;
}

bool has_dot_segment(std::string_view path) noexcept {
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    if (is_dot_segment(path.substr(0, end)))
      return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

/// What is wrong with its characters, or nothing.
std::optional<std::string> find_fault(std::string_view text) {
  if (text.size() > longest_url)
    return "the URL has more than " + std::to_string(longest_url) + " bytes";
  if (!std::ranges::all_of(text, is_ascii))
    return "the URL is not ASCII: write a host's name in its form with xn--, "
           "and escape the rest with @uri";
  if (!std::ranges::all_of(text, is_visible))
    return "the URL has blanks or control characters: escape them with @uri";
  if (text.find('#') != std::string_view::npos)
    return "the URL has a fragment, which is never sent: escape # with @uri";
  return std::nullopt;
}

} // namespace

tl::expected<call_url, std::string> parse_call_url(std::string_view text) {
  if (auto fault = find_fault(text))
    return tl::unexpected(*std::move(fault));
  auto parts = http::parse_url(text);
  if (!parts)
    return tl::unexpected("the URL: " + parts.error());
  call_url result{std::move(parts->server), {}, std::move(parts->target)};
  auto& host = result.server.host;
  if (const auto address = config::ip_address::parse(host)) {
    result.address = *address;
    host = address->to_string();
  } else if (!config::is_host_name(host)) {
    return tl::unexpected(std::string{
        "the URL's host is neither a name nor an address in its common form"});
  }
  const std::string_view target = result.target;
  if (has_dot_segment(target.substr(0, target.find('?'))))
    return tl::unexpected(
        std::string{"the URL's path has a segment of dots alone"});
  return result;
}

} // namespace mfo::outbound
