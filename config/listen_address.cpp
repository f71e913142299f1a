#include "config/listen_address.hpp"

#include "config/authority.hpp"

#include <arpa/inet.h>

namespace mfo::config {

namespace {

/// As it stands before a colon.
std::string in_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
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
  return in_brackets(value.host) + ':' + std::to_string(value.port);
}

tl::expected<listen_address, std::string>
parse_peer_address(std::string_view text) {
  const auto parts = split_authority(text);
  if (!parts.well_formed || parts.host.empty())
    return tl::make_unexpected(
        std::string("must be host:port, [::1]:port or a host alone"));
  listen_address result{std::string(parts.host), 0};
  if (parts.port)
    result.port = parse_port(*parts.port).value_or(0);
  if (parts.port && result.port == 0)
    return tl::make_unexpected(
        std::string("must have a port of 1 to 65535, or none"));
  if (is_any_address(result))
    return tl::make_unexpected(
        std::string("must be a host that can be dialled, not all addresses"));
  return result;
}

std::string format_peer_address(const listen_address& value) {
  return value.port == 0 ? in_brackets(value.host)
                         : format_listen_address(value);
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

bool is_any_address(const listen_address& value) {
  return value.host == "0.0.0.0" || value.host == "::";
}

bool overlap(const listen_address& one, const listen_address& other) {
  return one.port != 0 && one.port == other.port &&
         (one.host == other.host || is_any_address(one) ||
          is_any_address(other));
}

} // namespace mfo::config
