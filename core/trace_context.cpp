#include "core/trace_context.hpp"

namespace mfo::core {

namespace {

constexpr std::size_t trace_offset = 3;
constexpr std::size_t trace_size = 32;
constexpr std::size_t span_offset = 36;
constexpr std::size_t span_size = 16;
constexpr std::size_t flags_offset = 53;
constexpr std::size_t total_size = 55;

bool is_hex_not_zero(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

/// Version 00 as the specification's section 3.2 has it; a later version is
/// valid when it starts alike.
bool is_valid(std::string_view value) {
  if (value.size() < total_size || value.substr(0, 2) == "ff" ||
      (value.size() > total_size &&
       (value.starts_with("00") || value[total_size] != '-')))
    return false;
  return value[2] == '-' && value[span_offset - 1] == '-' &&
         value[flags_offset - 1] == '-' &&
         value.substr(0, 2).find_first_not_of("0123456789abcdef") ==
             std::string_view::npos &&
         is_hex_not_zero(value.substr(trace_offset, trace_size)) &&
         is_hex_not_zero(value.substr(span_offset, span_size)) &&
         value.substr(flags_offset, 2).find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

constexpr bool is_odd(char hex_digit) noexcept {
  return std::string_view{"13579bdf"}.find(hex_digit) != std::string_view::npos;
}

void append_hex(std::string& out, std::uint64_t value) {
  constexpr char hex[] = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4)
    out += hex[(value >> shift) & 0xF];
}

} // namespace

std::string make_traceparent(std::string_view incoming, std::uint64_t span,
                             std::uint64_t trace_high,
                             std::uint64_t trace_low) {
  const bool continues = is_valid(incoming);
  std::string out{"00-"};
  out.reserve(total_size);
  if (continues) {
    out.append(incoming.substr(trace_offset, trace_size));
  } else {
    append_hex(out, trace_high);
    append_hex(out, trace_low);
  }
  out += '-';
  append_hex(out, span);
  // All other flags are reserved and to be set to zero (section 3.2.2.5.2).
  const bool sampled = continues && is_odd(incoming[flags_offset + 1]);
  out.append(sampled ? "-01" : "-00");
  return out;
}

} // namespace mfo::core
