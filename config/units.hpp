#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Numbers with units as they are written in a configuration. The error of
/// each parser is a sentence that says what is expected and quotes nothing.
namespace mfo::config {

/// `200ms`, `10s`, `5m`, `1h`, `1.5s`: a decimal number and a unit without a
/// space, a whole number of milliseconds in all. At most 10 years.
[[nodiscard]] tl::expected<std::chrono::milliseconds, std::string>
parse_duration(std::string_view text);

/// In the largest unit that divides it: `10s`, `1500ms`, `0s`.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds value);

/// `4096`, `64kB`, `16KiB`, `1.5MiB`: bytes, or a decimal number and a unit;
/// kB, MB, GB are powers of 1000, KiB, MiB, GiB of 1024. A whole number of
/// bytes in all. At most 1 PiB.
[[nodiscard]] tl::expected<std::size_t, std::string>
parse_size(std::string_view text);

/// In the largest binary unit that divides it, else in bytes: `16KiB`, `64000`.
[[nodiscard]] std::string format_size(std::size_t bytes);

/// Decimal digits only.
[[nodiscard]] tl::expected<std::uint64_t, std::string>
parse_integer(std::string_view text);

/// Digits, and a point with digits after it: `2`, `1.5`.
[[nodiscard]] tl::expected<double, std::string>
parse_decimal(std::string_view text);

/// The shortest text that gives the same number again: `2`, `1.5`.
[[nodiscard]] std::string format_decimal(double value);

} // namespace mfo::config
