#include "devserver/header_block.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace mfo::devserver {

namespace {

/// Cuts the text before the next NUL off `rest`.
std::string_view cut(std::string_view& rest) noexcept {
  const auto end = rest.find('\0');
  const auto text = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), text.size() + 1));
  return text;
}

} // namespace

void header_block::add(std::string_view name, std::string_view value) {
  bytes_.append(core::lower_case(name));
  bytes_.push_back('\0');
  bytes_.append(value);
  bytes_.push_back('\0');
}

std::string_view header_block::find(std::string_view name) const noexcept {
  for (std::string_view rest = bytes_; !rest.empty();) {
    const auto field = cut(rest);
    const auto value = cut(rest);
    if (field == name)
      return value;
  }
  return {};
}

header_pairs header_block::joined() const {
  header_pairs pairs;
  for (std::string_view rest = bytes_; !rest.empty();) {
    const auto name = cut(rest);
    const auto value = cut(rest);
    const auto known =
        std::find_if(pairs.begin(), pairs.end(),
                     [&](const auto& pair) { return pair.first == name; });
    if (known == pairs.end())
      pairs.emplace_back(name, value);
    else
      known->second.append(", ").append(value);
  }
  return pairs;
}

} // namespace mfo::devserver
