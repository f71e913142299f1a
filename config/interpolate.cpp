#include "config/interpolate.hpp"

#include "config/characters.hpp"

#include <algorithm>
#include <utility>

namespace mfo::config {

namespace {

/// The value of what stands between `${` and `}`.
tl::expected<std::string, std::string> expand(std::string_view reference,
                                              const environment& variables) {
  constexpr std::string_view separator = ":-";
  const auto split = reference.find(separator);
  const auto name = reference.substr(0, split);
  if (!is_variable_name(name))
    return tl::make_unexpected(
        std::string("what stands in ${} is not the name of a variable"));
  auto value = variables(name);
  if (split == std::string_view::npos) {
    if (!value)
      return tl::make_unexpected("the environment variable " +
                                 std::string(name) + " is not set");
    return *std::move(value);
  }
  if (value && !value->empty())
    return *std::move(value);
  const auto fallback = reference.substr(split + separator.size());
  if (fallback.find("${") != std::string_view::npos)
    return tl::make_unexpected("the default of ${" + std::string(name) +
                               "} cannot hold another ${");
  return std::string(fallback);
}

} // namespace

bool is_variable_name(std::string_view text) {
  return !text.empty() && !is_digit(text.front()) &&
         std::ranges::all_of(text, is_word_part);
}

tl::expected<std::string, std::string>
interpolate(std::string_view text, const environment& variables) {
  std::string result;
  while (!text.empty()) {
    const auto dollar = text.find('$');
    result.append(text.substr(0, dollar));
    if (dollar == std::string_view::npos)
      break;
    text.remove_prefix(dollar + 1);
    if (text.starts_with('{')) {
      const auto end = text.find('}');
      if (end == std::string_view::npos)
        return tl::make_unexpected(
            std::string("a ${ without its }; write $$ for a literal $"));
      auto value = expand(text.substr(1, end - 1), variables);
      if (!value)
        return value;
      result += *value;
      text.remove_prefix(end + 1);
    } else {
      result += '$';
      if (text.starts_with('$'))
        text.remove_prefix(1);
    }
  }
  return result;
}

} // namespace mfo::config
