#pragma once

#include "config/ip_network.hpp"

#include <boost/asio/ip/address.hpp>

namespace mfo::http {

/// The address of a socket's other end, without its zone.
inline config::ip_address peer_address(const boost::asio::ip::address& of) {
  return of.is_v4() ? config::ip_address::v4(of.to_v4().to_uint())
                    : config::ip_address{of.to_v6().to_bytes()};
}

} // namespace mfo::http
