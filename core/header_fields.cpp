#include "core/header_fields.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cstring>

namespace mfo::core {

namespace {

/// Room for the fields of a usual request or reply, from the first one on.
constexpr std::size_t usual_bytes = 240;

} // namespace

void header_fields::const_iterator::step() noexcept {
  left_ = rest_.size();
  if (rest_.empty())
    return;
  sizes of{};
  std::memcpy(&of, rest_.data(), sizeof of);
  rest_.remove_prefix(sizeof of);
  at_.first = rest_.substr(0, of.name);
  at_.second = rest_.substr(of.name, of.value);
  rest_.remove_prefix(std::size_t{of.name} + of.value);
}

header_fields::header_fields(std::initializer_list<value_type> fields) {
  for (const auto& [name, value] : fields)
    add(name, value);
}

void header_fields::add(std::string_view name, std::string_view value) {
  const sizes of{static_cast<std::uint32_t>(name.size()),
                 static_cast<std::uint32_t>(value.size())};
  const auto size = sizeof of + name.size() + value.size();
  if (bytes_.empty())
    bytes_.reserve(std::max(usual_bytes, size));
  bytes_.append(reinterpret_cast<const char*>(&of), sizeof of)
      .append(name)
      .append(value);
}

void header_fields::set(std::string_view name, std::string_view value) {
  header_fields others;
  for (const auto& [its, text] : *this)
    if (!equal_ignoring_case(its, name))
      others.add(its, text);
  others.add(name, value);
  *this = std::move(others);
}

std::optional<std::string_view>
header_fields::find(std::string_view name) const noexcept {
  std::optional<std::string_view> found;
  for (const auto& [its, value] : *this) {
    if (!equal_ignoring_case(its, name))
      continue;
    if (found)
      return std::nullopt;
    found = value;
  }
  return found;
}

std::string_view header_fields::first(std::string_view name) const noexcept {
  const auto found =
      std::find_if(begin(), end(), [name](const value_type& each) {
        return equal_ignoring_case(each.first, name);
      });
  return found == end() ? std::string_view{} : found->second;
}

} // namespace mfo::core
