#pragma once

#include "config/http_call_settings.hpp"
#include "outbound/call_url.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mfo::outbound {

/// Which hosts a taskflow may call. Pure and immutable; any thread may ask.
///
/// A host must be on the list of those that are allowed, and all its addresses
/// must be of the public internet (core/special_address.hpp) or of a network
/// that is named besides. One bad address among good ones is enough to refuse
/// the host: its owner, or who spoofs its name server, chose to have it there.
class reach_rules {
public:
  explicit reach_rules(const config::http_call_settings& settings);

  /// Why it must not be called, or nothing: the list, and an address that the
  /// URL itself holds.
  [[nodiscard]] std::optional<std::string> why_not(const call_url& url) const;

  /// Why a host with these addresses must not be connected to, or nothing.
  [[nodiscard]] std::optional<std::string>
  why_not(const std::vector<config::ip_address>& addresses) const;

private:
  std::vector<config::host_rule> allow_;
  config::network_set exempt_;
};

} // namespace mfo::outbound
