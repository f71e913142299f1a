#include "node/moment.hpp"

#include "config/units.hpp"
#include "core/rfc3339.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace mfo::node {

namespace {

/// 7d: what is no unit of a configuration.
std::optional<std::chrono::days> whole_days(std::string_view text) {
  constexpr std::uint64_t most = 36'500;
  if (!text.ends_with('d'))
    return std::nullopt;
  text.remove_suffix(1);
  const auto number = config::parse_integer(text);
  if (!number || *number > most)
    return std::nullopt;
  return std::chrono::days{*number};
}

} // namespace

tl::expected<std::chrono::milliseconds, std::string>
parse_moment(const std::string& text, std::chrono::milliseconds now) {
  if (const auto ago = config::parse_duration(text))
    return now - *ago;
  if (const auto days = whole_days(text))
    return now - *days;
  if (const auto at = core::parse_rfc3339(text))
    return *at;
  if (const auto day = core::parse_rfc3339(text + "T00:00:00Z"))
    return *day;
  return tl::unexpected(fmt::format(
      "{}: expected 2026-11-24, 2026-11-24T07:53:48Z or how long ago, as 90m "
      "or 7d",
      text));
}

} // namespace mfo::node
