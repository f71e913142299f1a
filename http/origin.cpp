#include "http/origin.hpp"

// Boost.URL is compiled here, so that its headers are all that is needed; a
// second inclusion of this file in the program would define it twice.
#include <boost/url/src.hpp>

#include <algorithm>
#include <charconv>

namespace mfo::http {

namespace {

constexpr std::uint16_t default_port(bool tls) noexcept {
  return tls ? 443 : 80;
}

/// What a URL is made of (RFC 3986, section 2): ASCII, no space, no control.
constexpr bool is_visible(char c) noexcept {
  return c > 0x20 && c < 0x7F;
}

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

/// From 1 to 65535, else 0. Boost.URL 1.81 wraps a larger number around.
std::uint16_t parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stop == end ? port : std::uint16_t{0};
}

} // namespace

std::string origin::authority() const {
  auto result = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(tls))
    result += ":" + std::to_string(port);
  return result;
}

std::string origin::url() const {
  return (tls ? "https://" : "http://") + authority() + base_path;
}

tl::expected<origin, std::string> parse_origin(std::string_view text) {
  auto refuse = [](std::string why) {
    return tl::unexpected(std::move(why));
  };
  constexpr auto no_url = "not a URL such as https://host:port/path";
  // Boost.URL 1.81 ends the process over some texts without // or with other
  // characters than a URL has.
  const auto scheme_end = text.find(':');
  if (scheme_end == 0 || scheme_end == std::string_view::npos ||
      !std::all_of(text.begin(), text.end(), is_visible))
    return refuse(no_url);
  origin result;
  const auto scheme = lower_case(text.substr(0, scheme_end));
  result.tls = scheme == "https";
  if (!result.tls && scheme != "http")
    return refuse(scheme.find('/') == std::string::npos
                      ? "the scheme must be http or https"
                      : no_url);
  if (!text.substr(scheme_end).starts_with("://"))
    return refuse(no_url);
  auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (parsed.has_error())
    return refuse(no_url);
  const auto& url = *parsed;
  if (url.has_userinfo())
    return refuse("a URL with a user name or a password is not accepted");
  if (url.has_query() || url.has_fragment())
    return refuse("a URL with a query or a fragment is not accepted");
  result.host = lower_case(std::string{url.encoded_host_address()});
  if (result.host.empty() || result.host.find('%') != std::string::npos)
    return refuse("the host is missing or has escapes");
  result.port = url.has_port() ? parse_port(std::string{url.port()})
                               : default_port(result.tls);
  if (result.port == 0)
    return refuse("the port must be from 1 to 65535");
  result.base_path = std::string{url.encoded_path()};
  // Boost.URL 1.81 takes the beginning of 127.0.0.1.example.com for the host
  // and the rest for the path.
  if (!result.base_path.empty() && !result.base_path.starts_with('/'))
    return refuse("a host name that begins with an IPv4 address is not "
                  "accepted");
  while (result.base_path.ends_with('/'))
    result.base_path.pop_back();
  return result;
}

tl::expected<url_parts, std::string> parse_url(std::string_view text) {
  text = text.substr(0, text.find('#'));
  const auto scheme = text.find("://");
  const auto host = scheme == text.npos ? 0 : scheme + 3;
  const auto path = std::min(text.find_first_of("/?", host), text.size());
  auto server = parse_origin(text.substr(0, path));
  if (!server)
    return tl::unexpected(std::move(server.error()));
  std::string target{text.substr(path)};
  if (!target.starts_with('/'))
    target.insert(0, 1, '/');
  if (boost::urls::parse_origin_form(target).has_error())
    return tl::unexpected(std::string{
        "path and query of the URL have characters that must be escaped"});
  return url_parts{std::move(*server), std::move(target)};
}

} // namespace mfo::http
