#include "cluster/membership/address.hpp"

#include "config/address.hpp"

#include <algorithm>
#include <cstddef>

namespace mfo::cluster {

std::string to_string(const address& where) {
  return config::format_listen_address({where.host, where.port});
}

bool is_dialable(const address& where) noexcept {
  constexpr std::size_t longest_host = 253;
  const auto is_visible = [](char c) {
    return c > ' ' && c < '\x7f';
  };
  return where.port != 0 && !where.host.empty() &&
         where.host.size() <= longest_host &&
         std::all_of(where.host.begin(), where.host.end(), is_visible);
}

} // namespace mfo::cluster
