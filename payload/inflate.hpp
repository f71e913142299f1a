#pragma once

#include "payload/flaw.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::payload {

/// What a compressed body may become.
struct inflate_bounds {
  std::size_t max_bytes = 1024 * 1024;
  /// Inflated to compressed; bodies that inflate to little may exceed it.
  std::size_t max_ratio = 100;
};

/// Up to so many bytes the ratio is not looked at.
inline constexpr std::size_t ratio_floor = 64 * 1024;

enum class coding { gzip, deflate };

/// What Content-Encoding names, in any case; nothing where it is another one,
/// none, or several in turn.
[[nodiscard]] std::optional<coding>
parse_coding(std::string_view name) noexcept;

/// The body without its content coding (RFC 9110, section 8.4.1): gzip
/// (RFC 1952, several members in turn), or deflate in zlib's form (RFC 1950),
/// or, as some send it, bare (RFC 1951). Stops at the first byte beyond a
/// bound.
[[nodiscard]] tl::expected<std::string, flaw>
inflate(std::string_view body, coding how, const inflate_bounds& bounds);

} // namespace mfo::payload
