#pragma once

#include "config/ip_network.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::config {

/// Hosts that may be called, as one entry of a list names them: a host's name,
/// all names below one, or the addresses of a network; each with its ports.
class host_rule {
public:
  /// `api.example.com`, `*.example.com`, `192.0.2.1`, `10.0.0.0/8`,
  /// `2001:db8::/32`; with a port behind it, `:8443`, or `:*` for any.
  /// Where there is a port, IPv6 stands in brackets, `[2001:db8::/32]:8443`.
  /// The error is a sentence that says what is expected.
  [[nodiscard]] static tl::expected<host_rule, std::string>
  parse(std::string_view text);

  /// Whether it allows this host, which is a name in lower case, or an address
  /// where `address` says which. `usual_port` is what `port` is unless a URL
  /// names one: a rule without a port allows that alone.
  ///
  /// A name matches a name, and an address a network: what a name resolves to
  /// is another question.
  [[nodiscard]] bool allows(std::string_view host,
                            const std::optional<ip_address>& address,
                            std::uint16_t port,
                            std::uint16_t usual_port) const noexcept;

  /// What `parse` reads as the same rule.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const host_rule&, const host_rule&) = default;

private:
  bool fits_port(std::uint16_t port, std::uint16_t usual_port) const noexcept;

  std::string name_;                  ///< lower case; empty: see `network_`
  bool below_ = false;                ///< what ends in a dot and `name_`
  std::optional<ip_network> network_; ///< where there is no name
  bool any_port_ = false;
  std::optional<std::uint16_t> port_; ///< the only one
};

/// A host's name as a URL may hold it: labels of 1 to 63 letters, digits, `-`
/// and `_`, 253 characters at most in all, no dot at the end. The last label is
/// no number, decimal or hexadecimal: some resolvers take such a "name" for an
/// IPv4 address, as in 127.1, 0x7f.1 and 2130706433 (WHATWG URL Standard,
/// "ends in a number checker",
/// https://url.spec.whatwg.org/#ends-in-a-number-checker).
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;

} // namespace mfo::config
