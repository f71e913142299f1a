#include "config/address.hpp"

#include "config/units.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

namespace mfo::config {

namespace {

using text_result = tl::expected<std::string, std::string>;

/// Visible ASCII that RFC 3986 allows nowhere in a URL.
constexpr std::string_view escaped_in_urls = "\"<>\\^`{|}";

/// What a node's name may hold besides letters and digits.
constexpr std::string_view node_name_marks = "._-";
constexpr std::size_t longest_node_name = 128;

bool is_alphanumeric(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= '0' && c <= '9');
}

bool is_visible(char c) {
  return c > ' ' && c < '\x7f';
}

/// 1 to `longest` characters, each alphanumeric or one of `others`.
bool is_word(std::string_view text, std::string_view others,
             std::size_t longest) {
  const auto fits = [&](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= longest &&
         std::ranges::all_of(text, fits);
}

text_result fail(std::string_view message) {
  return tl::make_unexpected(std::string(message));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  constexpr std::size_t most_digits = 5;
  constexpr std::uint64_t last_port = 65535;
  const auto port = parse_integer(text);
  if (!port || text.size() > most_digits || *port > last_port)
    return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_host(std::string_view text) {
  // RFC 1035 bounds a name to 253 characters in writing.
  return is_word(text, ".-_", 253);
}

/// `host`, `host:port` or `[v6]:port` in its parts; the brackets are gone.
struct authority {
  std::string_view host;
  std::optional<std::string_view> port;
  bool well_formed = false;
};

authority split_authority(std::string_view text) {
  authority parts;
  std::string_view after;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos)
      return parts;
    parts.host = text.substr(1, end - 1);
    after = text.substr(end + 1);
    parts.well_formed = is_ipv6(parts.host);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    parts.host = text.substr(0, colon);
    after = text.substr(colon);
    parts.well_formed = parts.host.empty() || is_host(parts.host);
  }
  if (after.starts_with(':'))
    parts.port = after.substr(1);
  else if (!after.empty())
    parts.well_formed = false;
  return parts;
}

bool is_any_address(const std::string& host) {
  return host == "0.0.0.0" || host == "::";
}

} // namespace

tl::expected<listen_address, std::string>
parse_listen_address(std::string_view text) {
  const auto parts = split_authority(text);
  const auto port = parts.port ? parse_port(*parts.port) : std::nullopt;
  if (!parts.well_formed || !port)
    return tl::make_unexpected(
        std::string("must be host:port, [::1]:port or :port"));
  return listen_address{
      parts.host.empty() ? "0.0.0.0" : std::string(parts.host), *port};
}

std::string format_listen_address(const listen_address& value) {
  const auto port = ':' + std::to_string(value.port);
  if (value.host.find(':') != std::string::npos)
    return '[' + value.host + ']' + port;
  return value.host + port;
}

bool is_loopback(const listen_address& value) {
  in_addr v4{};
  if (::inet_pton(AF_INET, value.host.c_str(), &v4) == 1)
    return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, value.host.c_str(), &v6) == 1)
    return IN6_IS_ADDR_LOOPBACK(&v6);
  return value.host == "localhost" || value.host == "ip6-localhost";
}

bool overlap(const listen_address& one, const listen_address& other) {
  return one.port != 0 && one.port == other.port &&
         (one.host == other.host || is_any_address(one.host) ||
          is_any_address(other.host));
}

text_result parse_callback_url(std::string_view text) {
  const auto scheme_end = text.find("://");
  const auto scheme = text.substr(0, scheme_end);
  if (scheme_end == std::string_view::npos ||
      (scheme != "http" && scheme != "https"))
    return fail("must start with http:// or https://");
  if (!std::ranges::all_of(text, is_visible))
    return fail("must be a URL without spaces and control characters, in "
                "ASCII");
  if (text.find_first_of("?#") != std::string_view::npos)
    return fail("must be a URL without a query (?) or fragment (#)");
  if (text.find_first_of(escaped_in_urls) != std::string_view::npos)
    return fail("must be a URL whose special characters are escaped");
  const auto rest = text.substr(scheme_end + 3);
  const auto host_and_port = rest.substr(0, rest.find('/'));
  if (host_and_port.find('@') != std::string_view::npos)
    return fail("must be a URL without a user and password; give them as "
                "auth");
  const auto parts = split_authority(host_and_port);
  const auto port = parts.port ? parse_port(*parts.port) : std::nullopt;
  if (!parts.well_formed || parts.host.empty())
    return fail("must be a URL with the name or address of a host");
  if (parts.port && port.value_or(0) == 0)
    return fail("must be a URL whose port is 1 to 65535");
  return std::string(text);
}

text_result parse_server_url(std::string_view text) {
  auto url = parse_callback_url(text);
  if (url)
    url->resize(url->find_last_not_of('/') + 1);
  return url;
}

text_result parse_request_path(std::string_view text) {
  constexpr std::size_t longest = 1024;
  if (!text.starts_with('/'))
    return fail("must start with /");
  if (text.size() > longest)
    return fail("must be 1024 characters at most");
  if (!std::ranges::all_of(text, is_visible) ||
      text.find_first_of("?#") != std::string_view::npos ||
      text.find_first_of(escaped_in_urls) != std::string_view::npos)
    return fail("must be a path in ASCII without a query (?), a fragment (#), "
                "spaces and other characters that a URL escapes");
  if (text.find("//") != std::string_view::npos)
    return fail("must not hold //");
  return std::string(text);
}

text_result parse_header_name(std::string_view text) {
  if (!is_word(text, "!#$%&'*+-.^_`|~", 128))
    return fail("must be the name of a header: letters, digits and -");
  return std::string(text);
}

text_result parse_token_header_name(std::string_view text) {
  constexpr std::array<std::string_view, 15> taken{
      "accept",          "accept-encoding",
      "connection",      "content-encoding",
      "content-length",  "content-type",
      "expect",          "host",
      "idempotency-key", "te",
      "traceparent",     "tracestate",
      "trailer",         "transfer-encoding",
      "upgrade"};
  auto name = parse_header_name(text);
  if (!name)
    return name;
  auto lower = *name;
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (std::ranges::find(taken, lower) != taken.end())
    return fail("must be a header of its own for the token, such as X-Api-Key: "
                "this one has another use in every call");
  return name;
}

text_result parse_optional_header_name(std::string_view text) {
  return text.empty() ? text_result{} : parse_header_name(text);
}

text_result parse_header_prefix(std::string_view text) {
  constexpr std::size_t longest = 64;
  const auto fits = [](char c) {
    return c == ' ' || is_visible(c);
  };
  if (text.size() > longest || text.starts_with(' ') ||
      !std::ranges::all_of(text, fits))
    return fail("must be 64 visible ASCII characters at most, the first one "
                "not a space");
  return std::string(text);
}

text_result parse_signed_content(std::string_view text) {
  constexpr std::string_view id{"{id}"};
  constexpr std::size_t longest = 256;
  if (text.size() > longest || !std::ranges::all_of(text, is_visible))
    return fail("must be 256 visible ASCII characters at most");
  const auto body_at = text.find("{body}");
  long known = 1;
  for (const auto place : {std::string_view{"{timestamp}"}, id}) {
    const auto at = text.find(place);
    if (at != std::string_view::npos && at < body_at)
      ++known;
  }
  if (body_at == std::string_view::npos ||
      std::ranges::count(text, '{') != known ||
      std::ranges::count(text, '}') != known)
    return fail("must have {body} once, {timestamp} and {id} at most once and "
                "before it, and no other braces");
  if (const auto at = text.find(id);
      at != std::string_view::npos && text[at + id.size()] == '{')
    return fail("must have a character between {id} and what follows it, or "
                "nobody can tell where the id ends");
  return std::string(text);
}

text_result parse_id(std::string_view text) {
  const auto is_upper = [](char c) {
    return c >= 'A' && c <= 'Z';
  };
  if (!is_word(text, "_-", 64) || std::ranges::any_of(text, is_upper))
    return fail("must be 1 to 64 of a-z, 0-9, _ and -");
  return std::string(text);
}

text_result parse_endpoint_id(std::string_view text) {
  if (text == "none")
    return fail("must not be none, which metrics call the requests that are "
                "for no endpoint");
  return parse_id(text);
}

text_result parse_node_name(std::string_view text) {
  if (!is_word(text, node_name_marks, longest_node_name))
    return fail("must be 1 to 128 of A-Z, a-z, 0-9, ., _ and -");
  return std::string(text);
}

std::string to_node_name(std::string_view host) {
  if (host.empty())
    return "node";
  std::string name(host.substr(0, longest_node_name));
  std::ranges::replace_if(
      name,
      [](char c) {
        return !is_word({&c, 1}, node_name_marks, 1);
      },
      '-');
  return name;
}

text_result parse_event_type(std::string_view text) {
  const bool empty_word = text.starts_with('.') || text.ends_with('.') ||
                          text.find("..") != std::string_view::npos;
  if (!is_word(text, "._-", 128) || empty_word)
    return fail("must be a dotted name such as email.received: words of A-Z, "
                "a-z, 0-9, _ and -, 128 characters at most");
  return std::string(text);
}

text_result parse_event_type_prefix(std::string_view text) {
  // It is good when a word behind it makes a type, and stays a word.
  if ((!text.empty() && !text.ends_with('.')) ||
      !parse_event_type(std::string{text} + "x"))
    return fail("must be words of A-Z, a-z, 0-9, _ and - with dots behind "
                "them, such as github.");
  return std::string(text);
}

text_result parse_json_pointer(std::string_view text) {
  constexpr std::size_t longest = 256;
  bool good = text.starts_with('/') && text.size() <= longest;
  for (auto at = text.find('~'); at != std::string_view::npos;
       at = text.find('~', at + 1))
    good = good && at + 1 < text.size() &&
           (text[at + 1] == '0' || text[at + 1] == '1');
  if (!good)
    return fail("must be a JSON Pointer such as /data/type: starts with /, "
                "~ is ~0 and / in a name ~1, 256 bytes at most");
  return std::string(text);
}

text_result parse_origin_name(std::string_view text) {
  if (text != "*" && !is_word(text, ".-_:", 253))
    return fail("must be the name of a host, or *");
  return std::string(text);
}

text_result parse_event_pattern(std::string_view text) {
  auto beginning = text;
  if (beginning.ends_with('*'))
    beginning.remove_suffix(1);
  if (beginning.ends_with('.') && beginning.size() < text.size())
    beginning.remove_suffix(1);
  if (text != "*" && !parse_event_type(beginning))
    return fail("must be a dotted name such as email.received, or the "
                "beginning of some and *: email.*");
  return std::string(text);
}

text_result parse_path_template(std::string_view text,
                                std::string_view variable) {
  std::string filled(text);
  if (!variable.empty()) {
    const auto place = "{" + std::string(variable) + "}";
    const auto found = filled.find(place);
    if (found == std::string::npos)
      return fail("must be a path with " + place + " in it");
    filled.replace(found, place.size(), "x");
  }
  // What is left must do without braces, which a URL escapes.
  if (auto sound = parse_request_path(filled); !sound)
    return sound;
  return std::string(text);
}

text_result parse_visible_text(std::string_view text) {
  constexpr std::size_t longest = 256;
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  };
  if (text.empty() || text.size() > longest ||
      std::ranges::any_of(text, is_control))
    return fail("must be 1 to 256 characters, none of them a control "
                "character");
  return std::string(text);
}

bool is_bearer_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_visible);
}

} // namespace mfo::config
