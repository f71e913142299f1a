#include "config/address.hpp"

#include "config/authority.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace mfo::config {

namespace {

using text_result = tl::expected<std::string, std::string>;

/// Visible ASCII that RFC 3986 allows nowhere in a URL.
constexpr std::string_view escaped_in_urls = "\"<>\\^`{|}";

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

} // namespace

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

text_result parse_peer_name(std::string_view text) {
  auto end = text;
  if (end.starts_with("*."))
    end.remove_prefix(2);
  if (text != "*" && !is_word(end, ".-_", 253))
    return fail("must be the name of a node, *. and the end of names, or *");
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

bool is_header_value(std::string_view text) {
  return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
         std::ranges::all_of(text,
                             [](char c) { return c == ' ' || is_visible(c); });
}

bool is_bearer_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_visible);
}

} // namespace mfo::config
