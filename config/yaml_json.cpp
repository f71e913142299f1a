#include "config/yaml_json.hpp"

#include "config/load.hpp"
#include "config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace mfo::config {

namespace {

/// The parser lets only well-formed UTF-8 through.
void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out.append({'\\', c});
    else if (static_cast<unsigned char>(c) < 0x20)
      fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                     static_cast<unsigned>(c));
    else
      out += c;
  }
  out += '"';
}

bool is_one_of(std::string_view text,
               std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

std::string without_leading_zeros(std::string_view digits) {
  const auto first = std::min(digits.find_first_not_of('0'), digits.size());
  return first == digits.size() ? "0" : std::string(digits.substr(first));
}

/// 0x… and 0o…, which JSON does not have.
std::optional<std::string> based_integer(std::string_view text) {
  const int base = text.starts_with("0x") ? 16 : 8;
  if (base == 8 && !text.starts_with("0o"))
    return std::nullopt;
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 2, end, value, base);
  if (read.ec != std::errc{} || read.ptr != end)
    return std::nullopt;
  return std::to_string(value);
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, as
/// JSON writes it.
std::optional<std::string> number(std::string_view text) {
  if (auto integer = based_integer(text))
    return integer;
  std::string out;
  if (text.starts_with('-'))
    out = "-";
  if (text.starts_with('-') || text.starts_with('+'))
    text.remove_prefix(1);
  const auto whole = take_digits(text);
  out += without_leading_zeros(whole);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto decimals = take_digits(text);
    if (whole.empty() && decimals.empty())
      return std::nullopt;
    out.append(".").append(decimals.empty() ? "0" : decimals);
  } else if (whole.empty()) {
    return std::nullopt;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    out += 'e';
    if (text.starts_with('-') || text.starts_with('+')) {
      out += text.front();
      text.remove_prefix(1);
    }
    const auto exponent = take_digits(text);
    if (exponent.empty())
      return std::nullopt;
    out += exponent;
  }
  return text.empty() ? std::optional(std::move(out)) : std::nullopt;
}

bool is_no_json_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+'))
    text.remove_prefix(1);
  return is_one_of(text, {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"});
}

/// Leaves the writer.
struct json_refusal {
  yaml_json_problem why;
};

void append(std::string& out, const node& value);

void append_scalar(std::string& out, const node& value) {
  const std::string_view text = value.text;
  if (value.quoted)
    append_string(out, text);
  else if (is_one_of(text, {"true", "True", "TRUE"}))
    out += "true";
  else if (is_one_of(text, {"false", "False", "FALSE"}))
    out += "false";
  else if (is_one_of(text, {"null", "Null", "NULL", "~", ""}))
    out += "null";
  else if (is_no_json_number(text))
    throw json_refusal{{value.where, "JSON has no such number"}};
  else if (const auto digits = number(text))
    out += *digits;
  else
    append_string(out, text);
}

void append_map(std::string& out, const node& value) {
  std::set<std::string_view> seen;
  out += '{';
  for (const auto& entry : value.entries) {
    if (!seen.insert(entry.key).second)
      throw json_refusal{{entry.where, "the key is given twice"}};
    if (seen.size() > 1)
      out += ',';
    append_string(out, entry.key);
    out += ':';
    append(out, *entry.value);
  }
  out += '}';
}

void append(std::string& out, const node& value) {
  if (out.size() > max_file_size)
    throw json_refusal{
        {value.where,
         "larger than " + format_size(max_file_size) + " as JSON"}};
  switch (value.kind) {
  case node_kind::null:
    out += "null";
    break;
  case node_kind::scalar:
    append_scalar(out, value);
    break;
  case node_kind::sequence:
    out += '[';
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      out += i > 0 ? "," : "";
      append(out, *value.items[i]);
    }
    out += ']';
    break;
  case node_kind::map:
    append_map(out, value);
    break;
  }
}

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    out += escape ? (token[++i] == '1' ? '/' : '~') : token[i];
  }
  return out;
}

} // namespace

tl::expected<std::string, yaml_json_problem> to_json(const node& value) {
  try {
    std::string out;
    append(out, value);
    return out;
  } catch (json_refusal& reason) {
    return tl::make_unexpected(std::move(reason.why));
  }
}

place place_of_pointer(const node& value, std::string_view pointer) {
  const auto* at = &value;
  auto where = value.where;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto token = unescaped(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(std::min(pointer.find('/'), pointer.size()));
    const auto entry = std::ranges::find(at->entries, token, &map_entry::key);
    std::size_t index = at->items.size();
    std::from_chars(token.data(), token.data() + token.size(), index);
    if (entry != at->entries.end()) {
      where = entry->where;
      at = entry->value.get();
    } else if (index < at->items.size()) {
      at = at->items[index].get();
      where = at->where;
    } else {
      break;
    }
  }
  return where;
}

} // namespace mfo::config
