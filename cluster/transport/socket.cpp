#include "cluster/transport/socket.hpp"

#include "config/address.hpp"
#include "config/ip_network.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace mfo::cluster::wire {

namespace {

/// More than one burst of peers that find each other.
constexpr int backlog = 128;
constexpr unsigned unacknowledged_ms = 5000;

/// Either family, in the room of the larger.
union socket_address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

struct sized_address {
  socket_address address{.v6 = {}};
  socklen_t size = sizeof(socket_address);

  [[nodiscard]] sockaddr* raw() {
    return &address.any;
  }
};

tl::expected<sized_address, std::string>
to_native(const config::listen_address& from) {
  sized_address result;
  auto& to = result.address;
  if (::inet_pton(AF_INET, from.host.c_str(), &to.v4.sin_addr) == 1) {
    to.v4.sin_family = AF_INET;
    to.v4.sin_port = htons(from.port);
    result.size = sizeof to.v4;
    return result;
  }
  result.address = {.v6 = {}};
  if (::inet_pton(AF_INET6, from.host.c_str(), &to.v6.sin6_addr) != 1)
    return tl::unexpected("\"" + from.host +
                          "\" is not an address; names are not looked up here");
  to.v6.sin6_family = AF_INET6;
  to.v6.sin6_port = htons(from.port);
  result.size = sizeof to.v6;
  return result;
}

std::uint16_t port_of_native(const sized_address& address) noexcept {
  return ntohs(address.address.any.sa_family == AF_INET6
                   ? address.address.v6.sin6_port
                   : address.address.v4.sin_port);
}

std::string text_of_native(const sized_address& address) {
  char host[INET6_ADDRSTRLEN] = "";
  const auto& from = address.address;
  if (from.any.sa_family == AF_INET6)
    ::inet_ntop(AF_INET6, &from.v6.sin6_addr, host, sizeof host);
  else
    ::inet_ntop(AF_INET, &from.v4.sin_addr, host, sizeof host);
  return config::format_listen_address({host, port_of_native(address)});
}

unique_socket open_socket(int family) {
  return unique_socket{
      ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

void set_option(int socket, int level, int option, int value) noexcept {
  // Those that are set here are never refused on a TCP socket, and none is
  // worth a link.
  ::setsockopt(socket, level, option, &value, sizeof value);
}

} // namespace

void unique_socket::reset(int number) noexcept {
  if (number_ >= 0)
    ::close(number_);
  number_ = number;
}

tl::expected<unique_socket, std::string>
listen_at(const config::listen_address& address) {
  auto native = to_native(address);
  if (!native)
    return tl::unexpected(native.error());
  auto result = open_socket(native->raw()->sa_family);
  if (result.valid())
    set_option(result.number(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (!result.valid() ||
      ::bind(result.number(), native->raw(), native->size) != 0 ||
      ::listen(result.number(), backlog) != 0)
    return tl::unexpected(system_text(errno));
  return result;
}

tl::expected<unique_socket, std::string>
begin_to_connect(const config::listen_address& address) {
  auto native = to_native(address);
  if (!native)
    return tl::unexpected(native.error());
  auto result = open_socket(native->raw()->sa_family);
  if (!result.valid() ||
      (::connect(result.number(), native->raw(), native->size) != 0 &&
       errno != EINPROGRESS))
    return tl::unexpected(system_text(errno));
  return result;
}

std::optional<std::string> connected(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    error = errno;
  if (error != 0)
    return system_text(error);
  sized_address peer;
  if (::getpeername(socket, peer.raw(), &peer.size) == 0)
    return std::string{};
  return errno == ENOTCONN ? std::nullopt : std::optional{system_text(errno)};
}

tl::expected<accepted_socket, int> accept_from(const unique_socket& listener) {
  sized_address peer;
  unique_socket socket{::accept4(listener.number(), peer.raw(), &peer.size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (!socket.valid())
    return tl::unexpected(errno);
  return accepted_socket{std::move(socket), text_of_native(peer)};
}

std::optional<std::chrono::microseconds> round_trip(int socket) noexcept {
  tcp_info known{};
  socklen_t size = sizeof known;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &known, &size) != 0 ||
      known.tcpi_rtt == 0)
    return std::nullopt;
  return std::chrono::microseconds{known.tcpi_rtt};
}

std::uint16_t port_of(const unique_socket& socket) noexcept {
  sized_address own;
  return ::getsockname(socket.number(), own.raw(), &own.size) == 0
             ? port_of_native(own)
             : std::uint16_t{0};
}

std::string system_text(int error) {
  return std::error_code(error, std::generic_category()).message();
}

void set_link_options(int socket) noexcept {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
             static_cast<int>(unacknowledged_ms));
}

} // namespace mfo::cluster::wire
