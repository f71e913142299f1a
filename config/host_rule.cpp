#include "config/host_rule.hpp"

#include "config/units.hpp"

#include <algorithm>
#include <utility>

namespace mfo::config {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";

constexpr auto expected_host =
    "must be a host's name, *. and a name, an address or a network, perhaps "
    "with :port or :* behind it";

bool is_label_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_label(std::string_view text) noexcept {
  constexpr std::size_t longest = 63; // RFC 1035, section 2.3.4
  return !text.empty() && text.size() <= longest &&
         std::ranges::all_of(text, is_label_character);
}

bool is_number(std::string_view label) noexcept {
  if (label.starts_with("0x") || label.starts_with("0X"))
    return label.find_first_not_of(hex_digits, 2) == std::string_view::npos;
  return label.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string in_lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

struct parts {
  std::string_view host;
  std::optional<std::string_view> port;
};

/// Nothing: brackets that do not fit.
std::optional<parts> split(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos)
      return std::nullopt;
    const auto host = text.substr(1, end - 1);
    const auto rest = text.substr(end + 1);
    if (host.find(':') == std::string_view::npos)
      return std::nullopt;
    if (rest.empty())
      return parts{host, {}};
    return rest.starts_with(':') ? std::optional{parts{host, rest.substr(1)}}
                                 : std::nullopt;
  }
  const auto colon = text.find(':');
  // Several colons: an IPv6 address, which has no port without brackets.
  if (colon == std::string_view::npos ||
      text.find(':', colon + 1) != std::string_view::npos)
    return parts{text, {}};
  return parts{text.substr(0, colon), text.substr(colon + 1)};
}

} // namespace

bool is_host_name(std::string_view text) noexcept {
  constexpr std::size_t longest = 253;
  if (text.size() > longest)
    return false;
  while (true) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    if (!is_label(label))
      return false;
    if (dot == std::string_view::npos)
      return !is_number(label);
    text.remove_prefix(dot + 1);
  }
}

tl::expected<host_rule, std::string> host_rule::parse(std::string_view text) {
  if (text == "*" || text.starts_with("*:"))
    return tl::make_unexpected("must name hosts: * alone would be all of them");
  if (text.find("://") != std::string_view::npos)
    return tl::make_unexpected(
        "must be a host alone: no scheme, and no path behind it");
  const auto found = split(text);
  if (!found)
    return tl::make_unexpected(expected_host);
  host_rule rule;
  if (found->port == "*") {
    rule.any_port_ = true;
  } else if (found->port) {
    const auto port = parse_integer(*found->port);
    if (!port || *port < 1 || *port > 65535)
      return tl::make_unexpected("must have a port of 1 to 65535, or *");
    rule.port_ = static_cast<std::uint16_t>(*port);
  }
  auto host = found->host;
  // What is meant as a network is told what is wrong with it.
  if (host.find_first_of(":/") != std::string_view::npos ||
      ip_address::parse(host)) {
    auto network = ip_network::parse(host);
    if (!network)
      return tl::make_unexpected(std::move(network.error()));
    rule.network_ = *network;
    return rule;
  }
  rule.below_ = host.starts_with("*.");
  if (rule.below_)
    host.remove_prefix(2);
  if (!is_host_name(host))
    return tl::make_unexpected(expected_host);
  rule.name_ = in_lower_case(host);
  return rule;
}

bool host_rule::fits_port(std::uint16_t port,
                          std::uint16_t usual_port) const noexcept {
  return any_port_ || port == port_.value_or(usual_port);
}

bool host_rule::allows(std::string_view host,
                       const std::optional<ip_address>& address,
                       std::uint16_t port,
                       std::uint16_t usual_port) const noexcept {
  if (!fits_port(port, usual_port))
    return false;
  if (address || network_)
    return address && network_ && network_->contains(*address);
  if (!below_)
    return host == name_;
  // The dot too, so that badexample.com is not below example.com.
  return host.size() > name_.size() + 1 && host.ends_with(name_) &&
         host[host.size() - name_.size() - 1] == '.';
}

std::string host_rule::to_string() const {
  const auto has_port = any_port_ || port_;
  std::string result;
  if (!network_)
    result = (below_ ? "*." : "") + name_;
  else if (has_port && !network_->is_v4())
    result = "[" + network_->to_string() + "]";
  else
    result = network_->to_string();
  if (any_port_)
    result += ":*";
  else if (port_)
    result += ":" + std::to_string(*port_);
  return result;
}

} // namespace mfo::config
