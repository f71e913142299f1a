#include "core/header_fields.hpp"

#include <algorithm>

namespace mfo::core {

namespace {

/// Not the C library's, which asks the locale.
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](char left, char right) { return to_lower(left) == to_lower(right); });
}

void header_fields::add(std::string_view name, std::string_view value) {
  entries_.push_back({static_cast<std::uint32_t>(text_.size()),
                      static_cast<std::uint32_t>(name.size()),
                      static_cast<std::uint32_t>(value.size())});
  text_.append(name).append(value);
}

std::optional<std::string_view>
header_fields::find(std::string_view name) const noexcept {
  std::optional<std::string_view> found;
  for (const auto& each : entries_) {
    if (!equal_ignoring_case(name_of(each), name))
      continue;
    if (found)
      return std::nullopt;
    found = value_of(each);
  }
  return found;
}

} // namespace mfo::core
