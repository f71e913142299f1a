#include "config/authority.hpp"

#include "config/characters.hpp"
#include "config/units.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

namespace mfo::config {

namespace {

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_host(std::string_view text) {
  // RFC 1035 bounds a name to 253 characters in writing.
  constexpr std::size_t longest = 253;
  const auto fits = [](char c) {
    return is_name_part(c) || c == '.';
  };
  return !text.empty() && text.size() <= longest &&
         std::ranges::all_of(text, fits);
}

} // namespace

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

std::optional<std::uint16_t> parse_port(std::string_view text) {
  constexpr std::size_t most_digits = 5;
  constexpr std::uint64_t last_port = 65535;
  const auto port = parse_integer(text);
  if (!port || text.size() > most_digits || *port > last_port)
    return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

} // namespace mfo::config
