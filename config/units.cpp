#include "config/units.hpp"

#include "config/characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

namespace mfo::config {

namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

// From the largest to the smallest, which formatting relies on.
constexpr std::array duration_units{unit{"h", 3'600'000}, unit{"m", 60'000},
                                    unit{"s", 1'000}, unit{"ms", 1}};

constexpr std::uint64_t kibi = 1024;
constexpr std::uint64_t kilo = 1000;
constexpr std::array size_units{unit{"GiB", kibi* kibi* kibi},
                                unit{"MiB", kibi* kibi},
                                unit{"KiB", kibi},
                                unit{"GB", kilo* kilo* kilo},
                                unit{"MB", kilo* kilo},
                                unit{"kB", kilo},
                                unit{"B", 1},
                                unit{"", 1}};

constexpr std::uint64_t longest_duration = 10ULL * 365 * 24 * 3'600'000;
constexpr std::uint64_t largest_size = kibi * kibi * kibi * kibi * kibi;

constexpr std::string_view duration_form =
    "must be a duration: a number with ms, s, m or h";
constexpr std::string_view size_form =
    "must be a size: bytes, or a number with KiB, MiB, GiB, kB, MB or GB";

std::string_view leading_digits(std::string_view text) {
  const auto* end = std::ranges::find_if_not(text, is_digit);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// A decimal number split at its point; digits only, nothing else read.
struct decimal {
  std::string_view whole;
  std::string_view fraction;
  std::string_view rest;
};

std::optional<decimal> split_decimal(std::string_view text) {
  decimal parts;
  parts.whole = leading_digits(text);
  parts.rest = text.substr(parts.whole.size());
  if (parts.whole.empty())
    return std::nullopt;
  if (parts.rest.starts_with('.')) {
    parts.fraction = leading_digits(parts.rest.substr(1));
    if (parts.fraction.empty())
      return std::nullopt;
    parts.rest.remove_prefix(1 + parts.fraction.size());
  }
  return parts;
}

/// The number times the factor, if that is a whole number up to `largest`.
/// Exact: 0.1 has no error here.
std::optional<std::uint64_t> scale(const decimal& number, std::uint64_t factor,
                                   std::uint64_t largest) {
  std::uint64_t whole = 0;
  for (const char digit : number.whole) {
    whole = whole * 10 + static_cast<std::uint64_t>(digit - '0');
    if (whole > largest / factor)
      return std::nullopt;
  }
  // Nine digits keep fraction * factor below 2^64 for the largest unit.
  constexpr std::size_t most_fraction_digits = 9;
  if (number.fraction.size() > most_fraction_digits)
    return std::nullopt;
  std::uint64_t fraction = 0;
  std::uint64_t divisor = 1;
  for (const char digit : number.fraction) {
    fraction = fraction * 10 + static_cast<std::uint64_t>(digit - '0');
    divisor *= 10;
  }
  if (fraction * factor % divisor != 0)
    return std::nullopt;
  const auto result = whole * factor + fraction * factor / divisor;
  if (result > largest)
    return std::nullopt;
  return result;
}

tl::expected<std::uint64_t, std::string>
parse_with_unit(std::string_view text, std::span<const unit> units,
                std::string_view form, std::uint64_t largest) {
  const auto fail = [&] {
    return tl::make_unexpected(std::string(form));
  };
  const auto number = split_decimal(text);
  if (!number)
    return fail();
  const auto found = std::ranges::find(units, number->rest, &unit::name);
  if (found == units.end())
    return fail();
  const auto value = scale(*number, found->factor, largest);
  if (!value)
    return tl::make_unexpected(
        fmt::format("{}; this one is too large or too fine", form));
  return *value;
}

} // namespace

tl::expected<std::chrono::milliseconds, std::string>
parse_duration(std::string_view text) {
  return parse_with_unit(text, duration_units, duration_form, longest_duration)
      .map([](std::uint64_t value) {
        return std::chrono::milliseconds(static_cast<std::int64_t>(value));
      });
}

std::string format_duration(std::chrono::milliseconds value) {
  if (value.count() == 0)
    return "0s";
  const auto count = static_cast<std::uint64_t>(value.count());
  const auto found = std::ranges::find_if(
      duration_units, [&](const unit& u) { return count % u.factor == 0; });
  return fmt::format("{}{}", count / found->factor, found->name);
}

tl::expected<std::size_t, std::string> parse_size(std::string_view text) {
  return parse_with_unit(text, size_units, size_form, largest_size)
      .map([](std::uint64_t value) { return static_cast<std::size_t>(value); });
}

std::string format_size(std::size_t bytes) {
  const auto binary = std::span(size_units).first(3);
  const auto found = std::ranges::find_if(binary, [&](const unit& u) {
    return bytes != 0 && bytes % u.factor == 0;
  });
  if (found == binary.end())
    return fmt::format("{}", bytes);
  return fmt::format("{}{}", bytes / found->factor, found->name);
}

tl::expected<std::uint64_t, std::string> parse_integer(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end)
    return tl::make_unexpected(std::string("must be a whole number"));
  return value;
}

tl::expected<double, std::string> parse_decimal(std::string_view text) {
  const auto fail = [] {
    return tl::make_unexpected(std::string("must be a number"));
  };
  // from_chars alone would also take `inf`, `nan` and `1e3`.
  const auto number = split_decimal(text);
  if (!number || !number->rest.empty())
    return fail();
  double value = 0;
  const auto result =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{})
    return fail();
  return value;
}

std::string format_decimal(double value) {
  // fmt's shortest form has an exponent for large numbers, which is not read.
  std::array<char, 400> text; // the largest has 309 digits
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed);
  return {text.data(), end.ptr};
}

} // namespace mfo::config
