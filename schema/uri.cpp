#include "schema/uri.hpp"

#include "config/characters.hpp"
#include "schema/formats.hpp"

#include <algorithm>

namespace mfo::schema {

namespace {

using config::is_digit;
using config::is_letter;

constexpr auto no_position = std::string_view::npos;

int hex_value(char c) {
  if (is_digit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::ranges::all_of(text, [](char c) {
           return is_letter(c) || is_digit(c) || c == '+' || c == '-' ||
                  c == '.';
         });
}

/// The parts of section 3, each with the marks around it, so that together
/// they are the whole again.
struct parts {
  std::string_view scheme;    ///< with its colon
  std::string_view authority; ///< with its slashes
  std::string_view path;
  std::string_view query; ///< with its question mark
};

parts take_apart(std::string_view uri) {
  parts result;
  const auto colon = uri.find(':');
  if (colon != no_position && is_scheme(uri.substr(0, colon))) {
    result.scheme = uri.substr(0, colon + 1);
    uri.remove_prefix(colon + 1);
  }
  if (uri.starts_with("//")) {
    result.authority = uri.substr(0, uri.find_first_of("/?", 2));
    uri.remove_prefix(result.authority.size());
  }
  result.path = uri.substr(0, uri.find('?'));
  result.query = uri.substr(result.path.size());
  return result;
}

/// Section 5.2.4.
std::string without_dots(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../") || path == "/..") {
      out.erase(std::min(out.rfind('/'), out.size()));
      path = path == "/.." ? "/" : path.substr(3);
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const auto segment = path.substr(0, path.find('/', 1));
      out += segment;
      path.remove_prefix(segment.size());
    }
  }
  return out;
}

/// Section 5.2.3.
std::string merged(const parts& base, std::string_view path) {
  if (!base.authority.empty() && base.path.empty())
    return "/" + std::string{path};
  const auto folder = base.path.substr(0, base.path.rfind('/') + 1);
  return std::string{folder}.append(path);
}

/// Unreserved, sub-delims, whole %XX, and `more` (section 2).
bool holds_only(std::string_view text, std::string_view more) {
  constexpr std::string_view allowed = "-._~!$&'()*+,;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 ||
          hex_value(text[i + 2]) < 0)
        return false;
      i += 2;
    } else if (!is_letter(c) && !is_digit(c) &&
               allowed.find(c) == no_position && more.find(c) == no_position) {
      return false;
    }
  }
  return true;
}

/// What stands in the brackets of a host (section 3.2.2).
bool is_ip_literal(std::string_view text) {
  if (conforms_to_format("ipv6", text))
    return true;
  const auto dot = text.find('.');
  return (text.starts_with('v') || text.starts_with('V')) &&
         dot != no_position && dot > 1 && dot + 1 < text.size() &&
         std::ranges::all_of(text.substr(1, dot - 1),
                             [](char c) { return hex_value(c) >= 0; }) &&
         text.find('%') == no_position && holds_only(text.substr(dot + 1), ":");
}

bool is_authority(std::string_view text) {
  if (const auto at = text.find('@'); at != no_position) {
    if (!holds_only(text.substr(0, at), ":"))
      return false;
    text.remove_prefix(at + 1);
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == no_position || !is_ip_literal(text.substr(1, end - 1)))
      return false;
    port = text.substr(end + 1);
  } else {
    const auto host = text.substr(0, text.find(':'));
    if (!holds_only(host, ""))
      return false;
    port = text.substr(host.size());
  }
  return port.empty() ||
         (port.front() == ':' && std::ranges::all_of(port.substr(1), is_digit));
}

} // namespace

split_uri split_fragment(std::string_view uri) {
  const auto mark = uri.find('#');
  if (mark == no_position)
    return {uri, {}};
  return {uri.substr(0, mark), uri.substr(mark + 1)};
}

std::string resolve_reference(std::string_view base,
                              std::string_view reference) {
  const auto to = take_apart(reference);
  if (base.empty() || !to.scheme.empty())
    return std::string{reference};
  if (reference.empty())
    return std::string{base};
  const auto from = take_apart(base);
  std::string out{from.scheme};
  if (!to.authority.empty())
    return out.append(reference);
  out += from.authority;
  if (to.path.empty())
    out += from.path;
  else
    out += without_dots(to.path.front() == '/' ? std::string{to.path}
                                               : merged(from, to.path));
  return out.append(to.query);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool whole = text[i] == '%' && i + 2 < text.size() &&
                       hex_value(text[i + 1]) >= 0 &&
                       hex_value(text[i + 2]) >= 0;
    if (whole) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 +
                               hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_uri_reference(std::string_view text) {
  const auto mark = text.find('#');
  if (mark != no_position && !holds_only(text.substr(mark + 1), ":@/?"))
    return false;
  const auto found = take_apart(text.substr(0, mark));
  // Without scheme, a colon in the first segment would be taken for its end.
  const auto first = found.path.substr(0, found.path.find('/'));
  if (found.scheme.empty() && found.authority.empty() &&
      first.find(':') != no_position)
    return false;
  const auto query = found.query.empty() ? "" : found.query.substr(1);
  return holds_only(found.path, ":@/") && holds_only(query, ":@/?") &&
         (found.authority.empty() || is_authority(found.authority.substr(2)));
}

bool is_uri(std::string_view text) {
  return !take_apart(text).scheme.empty() && is_uri_reference(text);
}

} // namespace mfo::schema
