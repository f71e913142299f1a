#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mfo::config {

/// `host`, `host:port` or `[v6]:port` in its parts; the brackets are gone.
struct authority {
  std::string_view host{};                ///< perhaps nothing
  std::optional<std::string_view> port{}; ///< not looked at
  bool well_formed = false;
};

/// The parts are views of `text`.
[[nodiscard]] authority split_authority(std::string_view text);

/// 0 to 65535.
[[nodiscard]] std::optional<std::uint16_t> parse_port(std::string_view text);

} // namespace mfo::config
