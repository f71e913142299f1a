#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>

namespace mfo::devserver {

/// IPv4 addresses written as IPv6 ones included.
bool is_loopback(const boost::asio::ip::address& address);

/// Whether `host` is "localhost" or a numeric address of this machine alone;
/// any other name is not, whatever it stands for at the moment.
bool is_loopback_host(const std::string& host);

} // namespace mfo::devserver
