#include "core/header_fields.hpp"

#include "core/text.hpp"

namespace mfo::core {

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
