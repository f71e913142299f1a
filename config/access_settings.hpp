#pragma once

#include "config/ip_network.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mfo::config {

/// The field in which a reverse proxy says for whom it asks.
enum class forwarded_header : std::uint8_t {
  x_forwarded_for,
  forwarded, ///< RFC 7239
};

/// A token bucket: how fast it fills, and what it holds.
struct rate_settings {
  double per_second = 0; ///< 0: there is no limit
  std::size_t burst = 0; ///< at least 1 where there is one

  friend bool operator==(const rate_settings&, const rate_settings&) = default;
};

/// Who may send events to an endpoint, and how many.
struct access_settings {
  std::vector<ip_network> allow_from; ///< empty: all
  rate_settings rate_limit;           ///< of all senders together
  rate_settings rate_limit_per_address;

  friend bool operator==(const access_settings&,
                         const access_settings&) = default;
};

/// The reverse proxies in front of the node.
struct proxy_settings {
  std::vector<ip_network> trusted_proxies;
  forwarded_header header = forwarded_header::x_forwarded_for;

  friend bool operator==(const proxy_settings&,
                         const proxy_settings&) = default;
};

} // namespace mfo::config
