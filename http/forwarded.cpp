#include "http/forwarded.hpp"

#include "config/characters.hpp"
#include "core/text.hpp"
#include "http/syntax.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace mfo::http {

namespace {

using config::is_digit;

using config::ip_address;
using std::string_view;

constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Digits, or the made-up one of RFC 7239, section 6.3.
bool is_port(string_view text) noexcept {
  constexpr std::size_t most_digits = 5;
  if (text.starts_with('_'))
    return text.size() > 1 && std::ranges::all_of(text, [](char c) {
             return is_digit(c) || is_alpha(c) || c == '.' || c == '_' ||
                    c == '-';
           });
  return !text.empty() && text.size() <= most_digits &&
         std::ranges::all_of(text, is_digit);
}

std::optional<ip_address> address_of(string_view text) {
  const auto found = ip_address::parse(text);
  return found ? std::optional{*found} : std::nullopt;
}

/// An IPv4 address or an IPv6 address in brackets, and perhaps a port: the
/// node of RFC 7239, section 6, but for those that are no address.
std::optional<ip_address> parse_node(string_view text) {
  const bool bracketed = text.starts_with('[');
  const auto end = text.find(bracketed ? ']' : ':');
  const auto host = text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0));
  auto rest = end == string_view::npos ? string_view{} : text.substr(end);
  if (bracketed) {
    if (rest.empty() || host.find(':') == string_view::npos)
      return std::nullopt;
    rest.remove_prefix(1);
  }
  const bool has_port = rest.starts_with(':') && is_port(rest.substr(1));
  if (!rest.empty() && !has_port)
    return std::nullopt;
  return address_of(host);
}

/// No standard has this one. IPv6 usually comes without brackets, and then
/// without a port.
std::optional<ip_address> parse_x_forwarded_for(string_view hop) {
  const bool bare = std::ranges::count(hop, ':') > 1 && !hop.starts_with('[');
  return bare ? address_of(hop) : parse_node(hop);
}

/// The text of a quoted string without its quotes (RFC 9110, section 5.6.4).
std::optional<std::string> unquoted(string_view text) {
  std::string plain;
  if (text.size() < 2 || text.back() != '"')
    return std::nullopt;
  text = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"')
      return std::nullopt;
    if (text[i] == '\\' && ++i == text.size())
      return std::nullopt;
    plain += text[i];
  }
  return plain;
}

/// Where the quoted string that ends at `end`, with its closing quote, begins;
/// nothing when it does not. A quote with an odd number of backslashes before
/// it is part of the text.
std::optional<std::size_t> start_of_quoted(string_view text, std::size_t end) {
  for (auto at = end; at-- > 0;) {
    if (text[at] != '"')
      continue;
    auto first = at;
    while (first > 0 && text[first - 1] == '\\')
      --first;
    if ((at - first) % 2 == 0)
      return at;
    at = first;
  }
  return std::nullopt;
}

/// What stands after the last `mark` that is not quoted, all of it if there is
/// none; it and the mark are cut from `text`, which becomes nothing when that
/// was all. Nothing when quotes do not match.
std::optional<string_view> take_last(std::optional<string_view>& text,
                                     char mark) {
  const auto all = *text;
  auto at = all.size();
  while (at > 0 && all[at - 1] != mark) {
    --at;
    if (all[at] != '"')
      continue;
    const auto start = start_of_quoted(all, at);
    if (!start)
      return std::nullopt;
    at = *start;
  }
  text = at == 0 ? std::nullopt : std::optional{all.substr(0, at - 1)};
  return all.substr(at);
}

std::optional<std::string> parse_value(string_view text) {
  if (text.starts_with('"'))
    return unquoted(text);
  if (!is_token(text))
    return std::nullopt;
  return std::string{text};
}

/// An element of RFC 7239, section 4: pairs with a semicolon between them, one
/// of them the one that counts.
std::optional<ip_address> parse_forwarded(string_view hop) {
  std::optional<ip_address> found;
  for (std::optional rest{hop}; rest;) {
    const auto pair = take_last(rest, ';');
    if (!pair)
      return std::nullopt;
    const auto text = core::trim_blanks(*pair);
    const auto equals = text.find('=');
    if (equals == string_view::npos || !is_token(text.substr(0, equals)))
      return std::nullopt;
    const auto value = parse_value(text.substr(equals + 1));
    if (!value)
      return std::nullopt;
    if (!core::equal_ignoring_case(text.substr(0, equals), "for"))
      continue;
    const bool again = found.has_value();
    found = parse_node(*value);
    if (again || !found)
      return std::nullopt;
  }
  return found;
}

/// The hops from the right, over all values of the field.
class hops {
public:
  hops(std::span<const string_view> values, bool quotes) noexcept
    : values_(values), quotes_(quotes) {}

  /// Nothing when there is none, or no telling where it begins.
  std::optional<string_view> next() {
    if (!rest_) {
      if (values_.empty())
        return std::nullopt;
      rest_ = values_.back();
      values_ = values_.first(values_.size() - 1);
    }
    if (quotes_) {
      const auto hop = take_last(rest_, ',');
      return hop ? std::optional{core::trim_blanks(*hop)} : std::nullopt;
    }
    const auto comma = rest_->rfind(',');
    const auto all = *rest_;
    rest_ = comma == string_view::npos ? std::nullopt
                                       : std::optional{all.substr(0, comma)};
    return core::trim_blanks(all.substr(comma + 1)); // npos + 1 is 0
  }

private:
  std::span<const string_view> values_;
  std::optional<string_view> rest_;
  bool quotes_;
};

} // namespace

forwarded::forwarded(const config::proxy_settings& settings)
  : trusted_(settings.trusted_proxies), header_(settings.header) {}

std::string_view forwarded::field() const noexcept {
  return header_ == config::forwarded_header::forwarded ? "Forwarded"
                                                        : "X-Forwarded-For";
}

ip_address forwarded::client(const ip_address& peer,
                             std::span<const string_view> values) const {
  const bool standard = header_ == config::forwarded_header::forwarded;
  hops from_the_right{values, standard};
  auto known = peer;
  for (std::size_t i = 0; i < most_hops && trusts(known); ++i) {
    const auto hop = from_the_right.next();
    if (!hop)
      break;
    const auto named =
        standard ? parse_forwarded(*hop) : parse_x_forwarded_for(*hop);
    if (!named)
      break;
    known = *named;
  }
  return known;
}

} // namespace mfo::http
