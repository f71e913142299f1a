#include "taskflow/expression/reference_path.hpp"

#include "config/characters.hpp"
#include "taskflow/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace mfo::taskflow {

namespace {

using config::is_name_part;

std::string_view take_word(std::string_view& text) {
  const auto* end = std::ranges::find_if_not(text, is_name_part);
  const auto word = text.substr(0, static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(word.size());
  return word;
}

/// The JSON string at the start of `text`, which begins with its quote.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::size_t end = 1;
  while (end < text.size() && text[end] != '"')
    end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size())
    return std::nullopt;
  const auto quoted = json::parse(text.substr(0, end + 1), nullptr, false);
  text.remove_prefix(end + 1);
  return quoted.is_string() ? std::optional(quoted.get<std::string>())
                            : std::nullopt;
}

using step = std::variant<std::string, std::int64_t>;

/// What stands in brackets; `text` is behind the opening one, then behind the
/// closing one.
std::optional<step> take_bracketed(std::string_view& text) {
  std::optional<step> taken;
  if (text.starts_with('"')) {
    if (auto key = take_quoted(text))
      taken = *std::move(key);
  } else {
    std::int64_t index = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, index);
    if (read.ec == std::errc{})
      taken = index;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  }
  if (!taken || !text.starts_with(']'))
    return std::nullopt;
  text.remove_prefix(1);
  return taken;
}

std::optional<step> take_step(std::string_view& text) {
  const bool bracket = text.front() == '[';
  if (!bracket && text.front() != '.')
    return std::nullopt;
  text.remove_prefix(1);
  if (bracket)
    return take_bracketed(text);
  const auto word = take_word(text);
  return word.empty() ? std::nullopt : std::optional<step>(std::string(word));
}

std::optional<std::vector<step>> take_steps(std::string_view text) {
  std::vector<step> steps;
  while (!text.empty()) {
    auto next = take_step(text);
    if (!next)
      return std::nullopt;
    steps.push_back(*std::move(next));
  }
  return steps;
}

std::string text_of(const step& each) {
  if (const auto* index = std::get_if<std::int64_t>(&each))
    return fmt::format("[{}]", *index);
  const auto& key = std::get<std::string>(each);
  if (!key.empty() && std::ranges::all_of(key, is_name_part))
    return "." + key;
  return "[" + json(key).dump() + "]";
}

/// Nothing if there is no such item or key.
const json* follow(const json& value, const step& next) {
  if (const auto* key = std::get_if<std::string>(&next)) {
    const auto found = value.is_object() ? value.find(*key) : value.end();
    return found == value.end() ? nullptr : &*found;
  }
  if (!value.is_array())
    return nullptr;
  const auto size = static_cast<std::int64_t>(value.size());
  auto index = std::get<std::int64_t>(next);
  index += index < 0 ? size : 0;
  return index < 0 || index >= size ? nullptr
                                    : &value[static_cast<std::size_t>(index)];
}

} // namespace

tl::expected<std::optional<reference_path>, std::string>
reference_path::parse(std::string_view text) {
  constexpr std::string_view result = ".result";
  auto rest = text;
  const auto name = take_word(rest);
  if (name.empty())
    return std::nullopt;
  reference_path path;
  path.name_ = name;
  if (name == secrets_name) {
    path.start_ = start::secret;
  } else if (std::ranges::find(root_names, name) == root_names.end()) {
    if (!rest.starts_with(result))
      return std::nullopt;
    path.start_ = start::task;
    rest.remove_prefix(result.size());
  }
  if (!rest.empty() && rest.front() != '.' && rest.front() != '[')
    return std::nullopt;
  auto steps = take_steps(rest);
  if (!steps) {
    if (text.find_first_of(" \t\n") != text.npos)
      return std::nullopt;
    return tl::make_unexpected(
        std::string("begins as a path but does not go on as one"));
  }
  path.steps_ = *std::move(steps);
  if (path.start_ == start::secret) {
    if (path.steps_.size() != 1 ||
        !std::holds_alternative<std::string>(path.steps_.front()))
      return tl::make_unexpected(
          std::string("is no secret, which would be SECRETS.<name>"));
    path.name_ = std::get<std::string>(path.steps_.front());
    path.steps_.clear();
  }
  return path;
}

tl::expected<const json*, std::string>
reference_path::find_start(const scope& in, json& room) const {
  if (start_ == start::root) {
    if (const auto* root = in.root(name_))
      return root;
    return tl::make_unexpected(fmt::format("there is no {} here", name_));
  }
  if (start_ == start::task) {
    if (const auto* result = in.result(name_))
      return result;
    return tl::make_unexpected(
        fmt::format("the task `{}` has no result", name_));
  }
  const auto* secret = in.secret(name_);
  if (secret == nullptr)
    return tl::make_unexpected(fmt::format("there is no secret `{}`", name_));
  room = *secret;
  return &room;
}

tl::expected<const json*, std::string> reference_path::find(const scope& in,
                                                            json& room) const {
  auto found = find_start(in, room);
  for (std::size_t i = 0; found && i < steps_.size(); ++i) {
    const auto* next = follow(**found, steps_[i]);
    if (next == nullptr)
      return tl::make_unexpected(why_not(**found, i));
    found = next;
  }
  return found;
}

std::string reference_path::text_before(std::size_t count) const {
  auto text = name_ + (start_ == start::task ? ".result" : "");
  for (std::size_t i = 0; i < count; ++i)
    text += text_of(steps_[i]);
  return text;
}

std::string reference_path::why_not(const json& value, std::size_t at) const {
  const auto* key = std::get_if<std::string>(&steps_[at]);
  if (value.is_object() && key != nullptr)
    return fmt::format("there is no `{}` in the object", *key);
  const auto wanted = key != nullptr ? "`" + *key + "`" : text_of(steps_[at]);
  if (value.is_array() && key == nullptr)
    return fmt::format("`{}` is a list of {}, and has no {}", text_before(at),
                       value.size(), wanted);
  return fmt::format("`{}` is {}, and has no {}", text_before(at),
                     type_of(value), wanted);
}

} // namespace mfo::taskflow
