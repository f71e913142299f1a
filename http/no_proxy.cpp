#include "http/no_proxy.hpp"

#include "core/text.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace mfo::http {

namespace {

using boost::asio::ip::address;

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number number = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end ? std::optional{number}
                                             : std::nullopt;
}

std::optional<address> parse_address(std::string_view text) {
  boost::system::error_code ec;
  auto result = boost::asio::ip::make_address(std::string{text}, ec);
  return ec ? std::nullopt : std::optional{result};
}

template <class Bytes>
bool share_prefix(const Bytes& one, const Bytes& other, unsigned bits) {
  auto whole = bits / 8;
  if (!std::equal(one.begin(), one.begin() + whole, other.begin()))
    return false;
  auto rest = bits % 8;
  return rest == 0 || ((one[whole] ^ other[whole]) >> (8 - rest)) == 0;
}

bool is_in_network(const address& host, const address& network, unsigned bits) {
  if (host.is_v4() != network.is_v4() || bits > (host.is_v4() ? 32u : 128u))
    return false;
  return host.is_v4() ? share_prefix(host.to_v4().to_bytes(),
                                     network.to_v4().to_bytes(), bits)
                      : share_prefix(host.to_v6().to_bytes(),
                                     network.to_v6().to_bytes(), bits);
}

bool matches_address(std::string_view entry, const address& host) {
  auto slash = entry.find('/');
  auto network = parse_address(entry.substr(0, slash));
  if (!network)
    return false;
  if (slash == entry.npos)
    return *network == host;
  auto bits = parse_number<unsigned>(entry.substr(slash + 1));
  return bits && is_in_network(host, *network, *bits);
}

/// At a label's boundary: "b.c" is the end of "a.b.c", and not of "ab.c".
bool matches_name(std::string_view entry, std::string_view host) {
  if (entry.starts_with("*."))
    entry.remove_prefix(1);
  auto only_below = entry.starts_with('.');
  if (only_below)
    entry.remove_prefix(1);
  if (entry.empty() || host.size() < entry.size())
    return false;
  auto rest = host.size() - entry.size();
  if (!boost::beast::iequals({host.data() + rest, entry.size()},
                             {entry.data(), entry.size()}))
    return false;
  return rest == 0 ? !only_below : host[rest - 1] == '.';
}

struct port_split {
  std::string_view host;
  std::optional<std::uint16_t> port;
};

/// Takes ":8080" off, and the brackets; a bare IPv6 address has no port.
port_split split_port(std::string_view entry) {
  if (entry.starts_with('[')) {
    auto end = entry.find(']');
    if (end == entry.npos)
      return {entry, {}};
    auto host = entry.substr(1, end - 1);
    auto rest = entry.substr(end + 1);
    if (rest.empty())
      return {host, {}};
    auto port = parse_number<std::uint16_t>(rest.substr(1));
    return rest.front() == ':' && port ? port_split{host, port}
                                       : port_split{entry, {}};
  }
  auto colon = entry.find(':');
  if (colon == entry.npos || entry.find(':', colon + 1) != entry.npos)
    return {entry, {}};
  auto port = parse_number<std::uint16_t>(entry.substr(colon + 1));
  return port ? port_split{entry.substr(0, colon), port}
              : port_split{entry, {}};
}

bool matches(std::string_view entry, std::string_view host,
             const std::optional<address>& host_address, std::uint16_t port) {
  auto [pattern, wanted_port] = split_port(entry);
  if (wanted_port && *wanted_port != port)
    return false;
  return host_address ? matches_address(pattern, *host_address)
                      : matches_name(pattern, host);
}

/// A name may be written with the root's dot at its end.
std::string_view without_root(std::string_view host) {
  if (host.ends_with('.'))
    host.remove_suffix(1);
  return host;
}

} // namespace

bool is_in_no_proxy(std::string_view list, std::string_view host,
                    std::uint16_t port) {
  host = without_root(host);
  auto host_address = parse_address(host);
  while (!list.empty()) {
    auto comma = std::min(list.find(','), list.size());
    auto entry = without_root(core::trim_blanks(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (entry == "*" || matches(entry, host, host_address, port))
      return true;
  }
  return false;
}

bool is_loopback(std::string_view host) {
  host = without_root(host);
  auto host_address = parse_address(host);
  return host_address ? host_address->is_loopback()
                      : matches_name("localhost", host);
}

} // namespace mfo::http
