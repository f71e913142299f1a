#pragma once

#include "config/access_settings.hpp"
#include "config/ip_network.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace mfo::http {

/// Finds out for whom a request was sent when there are reverse proxies in
/// between: by X-Forwarded-For, or by Forwarded (RFC 7239); by the one that is
/// chosen and never by the other, as a client could send the one that the
/// proxy does not set. Immutable; any thread may ask.
///
/// The rightmost hop was written by the peer, the one before it by the host
/// that this one names, and so on. So the hops are read from the right, and
/// only as long as the host that wrote them is trusted. What stands further
/// left cannot change how a hop is read.
class forwarded {
public:
  /// More hops than that are not looked at.
  static constexpr std::size_t most_hops = 32;

  explicit forwarded(const config::proxy_settings& settings);

  /// Whether what the host says of its clients is believed.
  [[nodiscard]] bool trusts(const config::ip_address& host) const noexcept {
    return trusted_.contains(host);
  }

  /// The name of the field to be read.
  [[nodiscard]] std::string_view field() const noexcept;

  /// The address of the client: the first from the right that is not a trusted
  /// proxy's, the peer's included; the leftmost if all are. Where a hop is
  /// malformed, hidden or unknown, it is the address of the host that said so.
  ///
  /// `values` are the values of the field, in the order of the request.
  [[nodiscard]] config::ip_address
  client(const config::ip_address& peer,
         std::span<const std::string_view> values) const;

private:
  config::network_set trusted_;
  config::forwarded_header header_;
};

} // namespace mfo::http
