#include "core/retry_after.hpp"

#include "core/http_date.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace mfo::core {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

bool is_number(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The digits after the point, rounded up.
milliseconds fraction(std::string_view digits) {
  int value = 0;
  for (std::size_t i = 0; i < 3; ++i)
    value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  if (digits.find_first_not_of('0', 3) != std::string_view::npos)
    ++value;
  return milliseconds{value};
}

/// Nothing: it is not a number of seconds.
std::optional<milliseconds> read_seconds(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  if (!is_number(whole))
    return std::nullopt;
  milliseconds result{0};
  if (point != std::string_view::npos) {
    const auto digits = text.substr(point + 1);
    if (!is_number(digits))
      return std::nullopt;
    result = fraction(digits);
  }
  std::uint32_t count = 0;
  const auto parsed =
      std::from_chars(whole.data(), whole.data() + whole.size(), count);
  if (parsed.ec == std::errc::result_out_of_range)
    return milliseconds::max();
  return result + seconds{count};
}

/// Nothing: it is not a date.
std::optional<milliseconds> read_date(std::string_view text,
                                      system_clock::time_point now) {
  const auto at = parse_http_date(text, now);
  if (!at)
    return std::nullopt;
  // In milliseconds first: the clock's nanoseconds could overflow.
  return std::chrono::floor<milliseconds>(at->time_since_epoch()) -
         std::chrono::floor<milliseconds>(now.time_since_epoch());
}

} // namespace

milliseconds parse_retry_after(std::string_view value,
                               system_clock::time_point now, milliseconds cap) {
  const auto text = trim_blanks(value);
  auto wait = read_seconds(text);
  if (!wait)
    wait = read_date(text, now);
  return std::clamp(wait.value_or(milliseconds{0}), milliseconds{0}, cap);
}

} // namespace mfo::core
