#include "casebook/match.hpp"

#include "core/printable.hpp"

#include <fmt/format.h>

namespace mfo::casebook {

namespace {

using nlohmann::json;

/// What is shown of a value, in characters.
constexpr std::size_t longest_shown = 400;

void compare_objects(const json& expected, const json& got, bool exact,
                     const std::string& path, std::vector<mismatch>& into) {
  for (const auto& [name, value] : expected.items()) {
    const auto inner = fmt::format("{}.{}", path, name);
    if (const auto found = got.find(name); found != got.end())
      compare_json(value, *found, exact, inner, into);
    else
      into.push_back({inner, short_json(value), "nothing"});
  }
  if (!exact)
    return;
  for (const auto& [name, value] : got.items())
    if (!expected.contains(name))
      into.push_back(
          {fmt::format("{}.{}", path, name), "nothing", short_json(value)});
}

void compare_lists(const json& expected, const json& got, bool exact,
                   const std::string& path, std::vector<mismatch>& into) {
  if (expected.size() != got.size()) {
    into.push_back(
        {path,
         fmt::format("{} items: {}", expected.size(), short_json(expected)),
         fmt::format("{}: {}", got.size(), short_json(got))});
    return;
  }
  for (std::size_t i = 0; i < expected.size(); ++i)
    compare_json(expected[i], got[i], exact, fmt::format("{}[{}]", path, i),
                 into);
}

} // namespace

bool fits(std::string_view pattern, std::string_view text) noexcept {
  // Where the last star is, and how much of the text it stands for.
  auto star = std::string_view::npos;
  std::size_t taken = 0;
  std::size_t at = 0;
  std::size_t in = 0;
  while (in < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = in;
    } else if (at < pattern.size() && pattern[at] == text[in]) {
      ++at;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

void compare_json(const json& expected, const json& got, bool exact,
                  const std::string& path, std::vector<mismatch>& into) {
  if (expected.is_object() && got.is_object())
    compare_objects(expected, got, exact, path, into);
  else if (expected.is_array() && got.is_array())
    compare_lists(expected, got, exact, path, into);
  else if (expected != got)
    into.push_back({path, short_json(expected), short_json(got)});
}

void compare_body(const json& expected, std::string_view got, bool exact,
                  const std::string& path, std::vector<mismatch>& into) {
  const auto value = json::parse(got, nullptr, false);
  if (!value.is_discarded() && value != expected)
    return compare_json(expected, value, exact, path, into);
  if (value.is_discarded() &&
      (!expected.is_string() || expected.get_ref<const std::string&>() != got))
    into.push_back({path,
                    expected.is_string()
                        ? short_text(expected.get_ref<const std::string&>())
                        : short_json(expected),
                    short_text(got)});
}

std::string short_json(const json& value) {
  return core::shortened(core::printable(value.dump(
                             -1, ' ', false, json::error_handler_t::replace)),
                         longest_shown);
}

std::string short_text(std::string_view body) {
  if (body.empty())
    return "nothing";
  return core::shortened(core::printable(body), longest_shown);
}

} // namespace mfo::casebook
