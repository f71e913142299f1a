#include "devserver/loopback.hpp"

namespace mfo::devserver {

namespace ip = boost::asio::ip;

bool is_loopback(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, address.to_v6()).is_loopback();
  return address.is_loopback();
}

bool is_loopback_host(const std::string& host) {
  boost::system::error_code error;
  const auto address = ip::make_address(host, error);
  return host == "localhost" || (!error && is_loopback(address));
}

} // namespace mfo::devserver
