#pragma once

#include <cstdint>
#include <string_view>

/// The environment variable NO_PROXY: see proxy.hpp for what it may hold.
namespace mfo::http {

/// Whether the list says that `host` (a name in lower case, or an address
/// without brackets) is not to be asked through a proxy.
bool is_in_no_proxy(std::string_view list, std::string_view host,
                    std::uint16_t port);

/// localhost, what is below it (RFC 6761, section 6.3), and loopback addresses.
bool is_loopback(std::string_view host);

} // namespace mfo::http
