#include "taskflow/prompt_text.hpp"

#include "config/characters.hpp"
#include "config/interpolate.hpp"
#include "taskflow/json_text.hpp"

#include <algorithm>
#include <optional>

namespace mfo::taskflow {

namespace {

using config::is_blank;
using config::is_word_part;

struct place_holder {
  std::size_t begin;
  std::size_t end; ///< behind its braces
  std::string_view name;
};

/// The next one from `at` on. Looks at no character twice, but for the braces.
std::optional<place_holder> next_in(std::string_view text, std::size_t at) {
  constexpr std::string_view opening = "{{";
  constexpr std::string_view closing = "}}";
  const auto behind = [&](std::size_t from, auto matches) {
    while (from < text.size() && matches(text[from]))
      ++from;
    return from;
  };
  for (at = text.find(opening, at); at != text.npos;
       at = text.find(opening, at + 1)) {
    const auto begin = behind(at + opening.size(), is_blank);
    const auto end = behind(begin, is_word_part);
    const auto close = behind(end, is_blank);
    const auto name = text.substr(begin, end - begin);
    if (text.substr(close).starts_with(closing) &&
        config::is_variable_name(name))
      return place_holder{at, close + closing.size(), name};
  }
  return std::nullopt;
}

} // namespace

std::vector<std::string> variables_of(std::string_view text) {
  std::vector<std::string> found;
  for (auto next = next_in(text, 0); next; next = next_in(text, next->end))
    if (std::ranges::find(found, next->name) == found.end())
      found.emplace_back(next->name);
  return found;
}

tl::expected<std::string, std::string> fill_prompt(std::string_view text,
                                                   const json& context) {
  std::string filled;
  std::size_t at = 0;
  for (auto next = next_in(text, 0); next; next = next_in(text, next->end)) {
    const auto value = context.find(next->name);
    if (value == context.end())
      return tl::make_unexpected("prompt_context has no \"" +
                                 std::string(next->name) +
                                 "\", which the prompt names");
    filled += text.substr(at, next->begin - at);
    filled += as_text(*value);
    at = next->end;
  }
  filled += text.substr(at);
  return filled;
}

} // namespace mfo::taskflow
