#include "schema/formats.hpp"

#include "config/characters.hpp"
#include "core/rfc3339.hpp"
#include "schema/uri.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

namespace mfo::schema {

namespace {

using config::is_digit;

constexpr auto npos = std::string_view::npos;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

/// A date-time.
bool is_moment(std::string_view text) {
  using namespace std::chrono;
  constexpr std::size_t most = 128; // decimals of a second have no end
  if (text.size() > most || text.size() < 20 || text[10] == ' ')
    return false;
  const auto moment = core::parse_rfc3339(text);
  if (!moment)
    return false;
  // A leap second is inserted at the end of a day of UTC, so that what
  // follows it is the first second of another.
  const bool leap = text.substr(17, 2) == "60";
  return !leap || floor<seconds>(*moment) % hours{24} == seconds{0};
}

bool is_date(std::string_view text) {
  return text.size() == 10 && is_moment(std::string{text} + "T00:00:00Z");
}

bool is_time(std::string_view text) {
  return is_moment("1990-12-31T" + std::string{text});
}

bool is_address(int family, std::string_view text) {
  if (text.size() > INET6_ADDRSTRLEN || text.find('\0') != npos)
    return false;
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(family, std::string{text}.c_str(), bytes.data()) == 1;
}

bool is_ipv4(std::string_view text) {
  return is_address(AF_INET, text);
}

bool is_ipv6(std::string_view text) {
  return is_address(AF_INET6, text);
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' &&
         text.back() != '-' && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '-';
         });
}

/// Whether each part between dots is one.
template <class Predicate>
bool all_parts(std::string_view text, Predicate is_part) {
  for (;;) {
    const auto dot = text.find('.');
    if (!is_part(text.substr(0, dot)))
      return false;
    if (dot == npos)
      return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_hostname(std::string_view text) {
  return text.size() <= 253 && all_parts(text, is_label);
}

bool is_atom(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_letter_or_digit(c) || marks.find(c) != npos;
  });
}

/// What stands between the quotes of a quoted local part.
bool is_quotable(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return false;
    if (i >= text.size() || text[i] < ' ' || text[i] > '~')
      return false;
  }
  return true;
}

bool is_local_part(std::string_view text) {
  if (text.size() > 64)
    return false;
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return is_quotable(text.substr(1, text.size() - 2));
  return all_parts(text, is_atom);
}

bool is_mail_domain(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']'))
    return is_hostname(text);
  const auto literal = text.substr(1, text.size() - 2);
  constexpr std::string_view tag = "IPv6:";
  return literal.starts_with(tag) ? is_ipv6(literal.substr(tag.size()))
                                  : is_ipv4(literal);
}

bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  return at != npos && is_local_part(text.substr(0, at)) &&
         is_mail_domain(text.substr(at + 1));
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view form = "00000000-0000-0000-0000-000000000000";
  return std::ranges::equal(text, form, [](char c, char wanted) {
    return wanted == '-' ? c == '-'
                         : is_digit(c) || (c >= 'a' && c <= 'f') ||
                               (c >= 'A' && c <= 'F');
  });
}

struct format {
  std::string_view name;
  bool (*check)(std::string_view);
};

constexpr std::array formats{
    format{"date", is_date},   format{"date-time", is_moment},
    format{"email", is_email}, format{"hostname", is_hostname},
    format{"ipv4", is_ipv4},   format{"ipv6", is_ipv6},
    format{"time", is_time},   format{"uri", is_uri},
    format{"uuid", is_uuid},   format{"uri-reference", is_uri_reference},
};

} // namespace

bool conforms_to_format(std::string_view name, std::string_view text) {
  const auto known = std::ranges::find(formats, name, &format::name);
  return known == formats.end() || known->check(text);
}

} // namespace mfo::schema
