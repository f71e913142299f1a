#include "core/json_slices.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace mfo::core {

namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view space{" \t\n\r"};
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

/// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

/// Calls `visit(part)` for what the commas between the brackets divide.
template <class Visitor>
void split(std::string_view container, Visitor&& visit) {
  const auto inside = trim(container.substr(1, container.size() - 2));
  if (inside.empty())
    return;
  std::size_t begin = 0;
  unsigned depth = 0;
  for (std::size_t at = 0; at < inside.size();) {
    const auto c = inside[at];
    if (c == '"') {
      at = end_of_string(inside, at);
      continue;
    }
    if (c == '[' || c == '{')
      ++depth;
    else if (c == ']' || c == '}')
      --depth;
    else if (c == ',' && depth == 0) {
      visit(trim(inside.substr(begin, at - begin)));
      begin = at + 1;
    }
    ++at;
  }
  visit(trim(inside.substr(begin)));
}

bool is_container(std::string_view text, char opening) {
  return text.size() >= 2 && text.front() == opening;
}

/// `~1` is `/` and `~0` is `~` (RFC 6901, section 4).
std::string unescape(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size() &&
                        (token[i + 1] == '0' || token[i + 1] == '1');
    out += !escape ? token[i] : token[i + 1] == '0' ? '~' : '/';
    i += escape ? 1 : 0;
  }
  return out;
}

std::optional<std::string_view> child(std::string_view text,
                                      std::string_view token) {
  if (const auto members = object_members(text)) {
    const auto name = unescape(token);
    const auto found =
        std::find_if(members->rbegin(), members->rend(),
                     [&](const auto& each) { return each.name == name; });
    return found == members->rend() ? std::nullopt
                                    : std::optional{found->value};
  }
  const auto elements = array_elements(text);
  std::size_t index = 0;
  const auto* end = token.data() + token.size();
  const auto [last, error] = std::from_chars(token.data(), end, index);
  if (!elements || token.empty() || error != std::errc{} || last != end ||
      (token.size() > 1 && token.front() == '0') || index >= elements->size())
    return std::nullopt;
  return (*elements)[index];
}

} // namespace

std::optional<std::string> string_value(std::string_view text) {
  if (text.size() < 2 || text.front() != '"')
    return std::nullopt;
  if (text.find('\\') == std::string_view::npos)
    return std::string{text.substr(1, text.size() - 2)};
  const auto read = nlohmann::json::parse(text, nullptr, false);
  if (!read.is_string())
    return std::nullopt;
  return read.get<std::string>();
}

std::optional<std::vector<json_member>> object_members(std::string_view text) {
  text = trim(text);
  if (!is_container(text, '{'))
    return std::nullopt;
  std::vector<json_member> members;
  bool good = true;
  split(text, [&](std::string_view part) {
    const auto end = end_of_string(part, 0);
    auto name = string_value(part.substr(0, end));
    const auto colon = part.find(':', end);
    if (!name || colon == std::string_view::npos)
      good = false;
    else
      members.push_back({*std::move(name), trim(part.substr(colon + 1))});
  });
  if (!good)
    return std::nullopt;
  return members;
}

std::optional<std::vector<std::string_view>>
array_elements(std::string_view text) {
  text = trim(text);
  if (!is_container(text, '['))
    return std::nullopt;
  std::vector<std::string_view> elements;
  split(text, [&](std::string_view part) { elements.push_back(part); });
  return elements;
}

std::optional<std::string_view> find_in_json(std::string_view text,
                                             std::string_view pointer) {
  std::optional<std::string_view> found = trim(text);
  while (found && !pointer.empty()) {
    if (pointer.front() != '/')
      return std::nullopt;
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    found = child(*found, pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  return found;
}

} // namespace mfo::core
