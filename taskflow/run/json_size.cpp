#include "taskflow/run/json_size.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

namespace {

std::size_t size_of_text(std::string_view text) {
  std::size_t size = text.size() + 2;
  for (const char c : text) {
    if (c == '"' || c == '\\')
      size += 1;
    else if (static_cast<unsigned char>(c) < 0x20)
      size += 5;
  }
  return size;
}

template <class Number>
std::size_t size_of_number(Number number) {
  std::array<char, 32> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return static_cast<std::size_t>(end - digits.data());
}

/// Of all but lists and objects.
std::size_t size_of_scalar(const json& value) {
  switch (value.type()) {
  case json::value_t::string:
    return size_of_text(value.get_ref<const std::string&>());
  case json::value_t::number_integer:
    return size_of_number(value.get<std::int64_t>());
  case json::value_t::number_unsigned:
    return size_of_number(value.get<std::uint64_t>());
  case json::value_t::number_float:
    return size_of_number(value.get<double>());
  case json::value_t::boolean:
    return value.get<bool>() ? 4 : 5;
  default:
    return 4;
  }
}

} // namespace

std::size_t json_size(const json& value) {
  if (!value.is_structured())
    return size_of_scalar(value);
  std::size_t size = 0;
  // Not recursive: a sender decides how deep a value is.
  std::vector<const json*> left{&value};
  while (!left.empty()) {
    const auto& one = *left.back();
    left.pop_back();
    if (!one.is_structured()) {
      size += size_of_scalar(one);
      continue;
    }
    size += one.empty() ? 2 : one.size() + 1; // brackets and commas
    if (one.is_object())
      for (const auto& [key, member] : one.items())
        size += size_of_text(key) + 1;
    for (const auto& member : one)
      left.push_back(&member);
  }
  return size;
}

} // namespace mfo::taskflow
