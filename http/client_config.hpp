#pragma once

#include "config/ip_network.hpp"
#include "config/server_settings.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"
#include "http/trust_store.hpp"

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mfo::http {

using address_list = std::vector<config::ip_address>;

/// Gets the addresses of a name, or why there are none; called once, on any
/// thread.
using address_callback =
    std::function<void(tl::expected<address_list, std::string>)>;

/// Asks for the addresses of a name.
using name_lookup =
    std::function<void(const std::string& host, address_callback done)>;

/// Says why a host with these addresses must not be called, or nothing.
using address_check =
    std::function<std::optional<std::string>(const address_list&)>;

/// How a client treats its origin. The fields mean what the fields of
/// config::server_settings of the same names mean.
struct client_config {
  origin server;
  /// Between us and `server`: see choose_proxy.
  std::optional<proxy> via{};
  /// DNS, TCP, the proxy's CONNECT and TLS together.
  std::chrono::milliseconds connect_timeout{2'000};
  std::size_t max_connections = 64; ///< at least 1
  std::size_t max_waiting = 4096;
  std::size_t max_response = 1024 * 1024; ///< bytes of a reply's body
  std::chrono::milliseconds idle_timeout{30'000};
  config::tls_settings tls{}; ///< looked at for an https origin only
  /// If set, the authorities to trust, in place of the CA and CRL of `tls`:
  /// made once, and shared by many clients.
  trust_store trust{};
  std::string user_agent = "mfo-node";
  /// If set, asked before each connection, on the I/O thread: about all
  /// addresses of the host that is to be connected to, be it a name or an
  /// address. Those that were asked about are those that are connected to;
  /// nothing is resolved again.
  address_check check_addresses{};
  /// In place of getaddrinfo; called on the I/O thread for a host that is
  /// no address. It must let go of the callback before the I/O context ends.
  name_lookup look_up{};
};

} // namespace mfo::http
