#include "core/trace_context.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace mfo::core {

namespace {

constexpr std::size_t trace_offset = 3;
constexpr std::size_t half_trace = 16;
constexpr std::size_t span_offset = 36;
constexpr std::size_t span_size = 16;
constexpr std::size_t flags_offset = 53;
constexpr std::uint8_t no_digit = 16;

/// Of digits in lower case.
constexpr auto hex_values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  constexpr std::string_view digits{"0123456789abcdef"};
  for (std::uint8_t value = 0; value < no_digit; ++value)
    table[static_cast<unsigned char>(digits[value])] = value;
  return table;
}();

/// `text` is hexadecimal digits in lower case, at most 16 of them.
std::optional<std::uint64_t> read_hex(std::string_view text) noexcept {
  std::uint64_t value = 0;
  unsigned seen = 0;
  for (const auto c : text) {
    const auto digit = hex_values[static_cast<unsigned char>(c)];
    seen |= digit;
    value = value << 4U | digit;
  }
  if (seen >= no_digit)
    return std::nullopt;
  return value;
}

template <class Text>
void append_hex(Text& out, std::uint64_t value) {
  constexpr char digits[] = "0123456789abcdef";
  std::array<char, 16> text{};
  for (std::size_t i = text.size(); i-- > 0; value >>= 4)
    text[i] = digits[value & 0xF];
  out.append(std::string_view{text.data(), text.size()});
}

constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_key_rest(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    return is_lower(c) || is_digit(c) ||
           std::string_view{"_-*/"}.find(c) != std::string_view::npos;
  });
}

/// Section 3.3.1.3.1: a name, or a tenant's name at a system's.
bool is_key(std::string_view key) noexcept {
  constexpr std::size_t longest = 256;
  constexpr std::size_t longest_tenant = 241;
  constexpr std::size_t longest_system = 14;
  if (key.empty())
    return false;
  const auto at = key.find('@');
  if (at == std::string_view::npos)
    return key.size() <= longest && is_lower(key.front()) && is_key_rest(key);
  const auto tenant = key.substr(0, at);
  const auto system = key.substr(at + 1);
  return !tenant.empty() && tenant.size() <= longest_tenant &&
         (is_lower(tenant.front()) || is_digit(tenant.front())) &&
         is_key_rest(tenant) && !system.empty() &&
         system.size() <= longest_system && is_lower(system.front()) &&
         is_key_rest(system);
}

/// Section 3.3.1.3.2.
bool is_value(std::string_view value) noexcept {
  constexpr std::size_t longest = 256;
  return !value.empty() && value.size() <= longest && value.back() != ' ' &&
         std::ranges::all_of(value, [](char c) {
           return c >= ' ' && c <= '~' && c != ',' && c != '=';
         });
}

bool is_member(std::string_view member) noexcept {
  const auto equals = member.find('=');
  return equals != std::string_view::npos && is_key(member.substr(0, equals)) &&
         is_value(member.substr(equals + 1));
}

} // namespace

// Version 00 as the specification's section 3.2 has it; a later version is
// valid when it starts alike.
std::optional<trace_context>
parse_traceparent(std::string_view value) noexcept {
  if (value.size() < traceparent_size || value.substr(0, 2) == "ff" ||
      (value.size() > traceparent_size &&
       (value.starts_with("00") || value[traceparent_size] != '-')) ||
      value[2] != '-' || value[span_offset - 1] != '-' ||
      value[flags_offset - 1] != '-' || !read_hex(value.substr(0, 2)))
    return std::nullopt;
  const auto high = read_hex(value.substr(trace_offset, half_trace));
  const auto low =
      read_hex(value.substr(trace_offset + half_trace, half_trace));
  const auto span = read_hex(value.substr(span_offset, span_size));
  const auto flags = read_hex(value.substr(flags_offset, 2));
  if (!high || !low || !span || !flags || (*high | *low) == 0 || *span == 0)
    return std::nullopt;
  return trace_context{*high, *low, *span, (*flags & 1U) != 0};
}

traceparent_text traceparent_of(const trace_context& of) noexcept {
  traceparent_text out;
  out.append("00-");
  append_hex(out, of.trace_high);
  append_hex(out, of.trace_low);
  out.append("-");
  append_hex(out, of.span);
  // All other flags are reserved and to be set to zero (section 3.2.2.5.2).
  out.append(of.sampled ? "-01" : "-00");
  return out;
}

std::string to_traceparent(const trace_context& of) {
  return std::string{traceparent_of(of)};
}

std::string trace_id_text(const trace_context& of) {
  std::string out;
  append_hex(out, of.trace_high);
  append_hex(out, of.trace_low);
  return out;
}

std::string span_id_text(std::uint64_t span) {
  std::string out;
  append_hex(out, span);
  return out;
}

trace_context next_place(const std::optional<trace_context>& incoming,
                         const trace_context& fresh) noexcept {
  auto place = incoming.value_or(fresh);
  place.span = fresh.span;
  return place;
}

std::string make_traceparent(std::string_view incoming, std::uint64_t span,
                             std::uint64_t trace_high,
                             std::uint64_t trace_low) {
  return to_traceparent(next_place(parse_traceparent(incoming),
                                   {trace_high, trace_low, span, false}));
}

bool is_sampled(std::uint64_t trace_low, double ratio) noexcept {
  constexpr double all = 9223372036854775808.0; // 2^63
  return ratio >= 1 || static_cast<double>(trace_low >> 1U) < ratio * all;
}

// FNV-1a, its end mixed as by splitmix64: names that differ in their last
// letter alone are far apart.
std::uint64_t child_span(std::uint64_t parent, std::string_view name) noexcept {
  auto value = 0xCBF29CE484222325U ^ parent;
  for (const auto c : name) {
    value ^= static_cast<unsigned char>(c);
    value *= 0x100000001B3U;
  }
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  value ^= value >> 31U;
  return value == 0 ? 1 : value;
}

std::string with_span(std::string_view value, std::uint64_t span) {
  auto of = parse_traceparent(value);
  if (!of)
    return std::string{value};
  of->span = span;
  return to_traceparent(*of);
}

bool is_tracestate(std::string_view value) noexcept {
  if (value.size() > longest_tracestate)
    return false;
  std::size_t members = 0;
  while (!value.empty()) {
    const auto comma = value.find(',');
    // Empty members are allowed, and count for nothing.
    if (const auto member = trim_blanks(value.substr(0, comma));
        !member.empty() &&
        (++members > most_tracestate_members || !is_member(member)))
      return false;
    value = comma == std::string_view::npos ? std::string_view{}
                                            : value.substr(comma + 1);
  }
  return true;
}

std::string_view tracestate_of(std::string_view traceparent,
                               std::string_view tracestate) noexcept {
  return !tracestate.empty() && parse_traceparent(traceparent) &&
                 is_tracestate(tracestate)
             ? tracestate
             : std::string_view{};
}

} // namespace mfo::core
