// For whom a proxy asks: whoever is not trusted changes nothing by what it
// says, what stands left of the first that is not trusted changes nothing
// either, and it does not matter over how many fields the hops are spread.

#include "fuzz/target.hpp"
#include "http/forwarded.hpp"

#include <string>
#include <vector>

namespace mfo::fuzz {

namespace {

using config::ip_address;

config::proxy_settings settings_with(config::forwarded_header header) {
  return {
      .trusted_proxies = {config::ip_network::parse("10.0.0.0/8").value(),
                          config::ip_network::parse("2001:db8::/32").value()},
      .header = header};
}

std::vector<std::string_view> lines_of(std::string_view input) {
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = input.find('\n');
    lines.push_back(input.substr(0, end));
    if (end == std::string_view::npos)
      return lines;
    input.remove_prefix(end + 1);
  }
}

void look(const http::forwarded& proxies, std::string_view input) {
  static const auto proxy = ip_address::parse("10.0.0.1").value();
  static const auto stranger = ip_address::parse("192.0.2.7").value();
  auto values = lines_of(input);
  require(proxies.client(stranger, values) == stranger);
  const auto found = proxies.client(proxy, values);
  require(found == proxies.client(proxy, values));

  // As a proxy that adds a field of its own, and one that goes on with a field.
  const bool standard = proxies.field() == "Forwarded";
  const std::string hop{standard ? "for=203.0.113.9" : "203.0.113.9"};
  const auto added = ip_address::parse("203.0.113.9").value();
  values.emplace_back(hop);
  require(proxies.client(proxy, values) == added);
  values.pop_back();
  const auto longer = std::string{values.back()} + ", " + hop;
  values.back() = longer;
  require(proxies.client(proxy, values) == added);
}

} // namespace

void run(std::string_view input) {
  using enum config::forwarded_header;
  static const http::forwarded list{settings_with(x_forwarded_for)};
  static const http::forwarded standard{settings_with(forwarded)};
  look(list, input);
  look(standard, input);
}

} // namespace mfo::fuzz
