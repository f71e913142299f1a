#include "payload/redaction.hpp"

#include "payload/redaction_words.hpp"

#include "core/form.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace mfo::payload {

namespace {

using pointer = std::vector<std::string>;

/// JSON in strings of JSON, and so on, is looked into so often.
constexpr unsigned most_wrappings = 4;
/// Of an address in a URL that is in a value.
constexpr std::string_view encoded_at_sign{"%40"};
constexpr std::string_view encoded_address{"person%40example.com"};

bool begins_as_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos &&
         (text[first] == '{' || text[first] == '[');
}

bool is_of_local_part(unsigned char c) {
  return std::isalnum(c) != 0 || c >= 0x80 ||
         std::string_view{"._%+-"}.find(static_cast<char>(c)) !=
             std::string_view::npos;
}

bool is_of_domain(unsigned char c) {
  return std::isalnum(c) != 0 || c >= 0x80 || c == '-' || c == '.';
}

/// How much of the beginning is a domain with a point within.
std::size_t domain_size(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_of_domain);
  auto domain = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  while (domain.ends_with('.') || domain.ends_with('-'))
    domain.remove_suffix(1);
  const auto point = domain.find('.');
  return point == std::string_view::npos || point == 0 ? 0 : domain.size();
}

std::string_view local_part_before(std::string_view text) {
  auto size = text.size();
  while (size > 0 &&
         is_of_local_part(static_cast<unsigned char>(text[size - 1])))
    --size;
  return text.substr(size);
}

/// RFC 6901, section 3 and 4.
pointer segments_of(std::string_view text) {
  pointer segments;
  while (text.starts_with('/')) {
    text.remove_prefix(1);
    const auto raw = text.substr(0, text.find('/'));
    text.remove_prefix(raw.size());
    std::string segment;
    for (std::size_t i = 0; i < raw.size(); ++i)
      if (raw[i] == '~' && i + 1 < raw.size()) {
        ++i;
        segment += raw[i] == '1' ? '/' : '~';
      } else {
        segment += raw[i];
      }
    segments.push_back(std::move(segment));
  }
  return segments;
}

/// Writes what it is told of a JSON text, less what is hidden.
class writer final : public nlohmann::json_sax<nlohmann::json> {
public:
  writer(const redaction& rules, const std::vector<pointer>& pointers,
         unsigned wrappings)
    : rules_(rules), pointers_(pointers), wrappings_(wrappings) {}

  std::string take() {
    return std::move(out_);
  }

  bool null() override {
    return scalar("null");
  }

  bool boolean(bool value) override {
    return scalar(value ? "true" : "false");
  }

  bool number_integer(number_integer_t value) override {
    return number(std::to_string(value));
  }

  bool number_unsigned(number_unsigned_t value) override {
    return number(std::to_string(value));
  }

  bool number_float(number_float_t, const string_t& digits) override {
    return number(digits);
  }

  bool string(string_t& value) override {
    const bool hidden = begin_value();
    if (hidden || is_one_of_secrets())
      core::append_json_string(out_, redacted_text);
    else
      core::append_json_string(out_,
                               text_without_secrets(rules_, value, wrappings_));
    return true;
  }

  bool binary(binary_t&) override {
    return false; // there is none in JSON
  }

  bool start_object(std::size_t) override {
    return open('{', false);
  }

  bool key(string_t& name) override {
    auto& at = frames_.back();
    at.name = name;
    if (std::exchange(at.has_some, true))
      out_ += ',';
    core::append_json_string(out_, without_addresses(name));
    out_ += ':';
    return true;
  }

  bool end_object() override {
    return close('}');
  }

  bool start_array(std::size_t) override {
    return open('[', true);
  }

  bool end_array() override {
    return close(']');
  }

  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception&) override {
    return false;
  }

  /// Of a string; JSON in it is looked into.
  static std::string text_without_secrets(const redaction& rules,
                                          std::string_view value,
                                          unsigned wrappings) {
    if (wrappings < most_wrappings && begins_as_json(value))
      if (auto inner = rewrite(rules, {}, value, wrappings + 1))
        return *std::move(inner);
    return without_addresses(value);
  }

  static std::optional<std::string>
  rewrite(const redaction& rules, const std::vector<pointer>& pointers,
          std::string_view text, unsigned wrappings) {
    writer made{rules, pointers, wrappings};
    if (!nlohmann::json::sax_parse(text, &made))
      return std::nullopt;
    return made.take();
  }

private:
  struct frame {
    bool is_array;
    bool hidden;
    std::string name{};    ///< of the member that is written
    std::size_t index = 0; ///< of the item that is written
    bool has_some = false;
  };

  /// The value that comes belongs to the innermost frame. Whether it is hidden.
  bool begin_value() {
    if (frames_.empty())
      return is_pointed_at();
    auto& at = frames_.back();
    if (at.is_array && std::exchange(at.has_some, true)) {
      out_ += ',';
      ++at.index;
    }
    return at.hidden || (!at.is_array && rules_.hides(at.name)) ||
           is_number_of_card() || is_pointed_at();
  }

  /// {"card": {"number": …}}, {"cards": [{"number": …}]}
  [[nodiscard]] bool is_number_of_card() const {
    if (frames_.back().is_array)
      return false;
    const auto outer =
        std::find_if(frames_.rbegin() + 1, frames_.rend(),
                     [](const auto& at) { return !at.is_array; });
    return outer != frames_.rend() &&
           is_card_number(outer->name, frames_.back().name);
  }

  /// {"tokens": ["…"]}; {"tokens": 5} is how many there are.
  [[nodiscard]] bool is_one_of_secrets() const {
    if (frames_.empty() || !frames_.back().is_array)
      return false;
    const auto outer =
        std::find_if(frames_.rbegin(), frames_.rend(),
                     [](const auto& at) { return !at.is_array; });
    if (outer == frames_.rend())
      return false;
    const std::string_view name{outer->name};
    return (name.ends_with('s') || name.ends_with('S')) &&
           rules_.hides(name.substr(0, name.size() - 1));
  }

  [[nodiscard]] bool is_pointed_at() const {
    return std::ranges::any_of(pointers_, [this](const pointer& each) {
      return std::ranges::equal(each, frames_, {}, {}, [](const frame& at) {
        return at.is_array ? std::to_string(at.index) : at.name;
      });
    });
  }

  bool scalar(std::string_view text) {
    begin_value();
    out_ += text;
    return true;
  }

  bool number(const std::string& digits) {
    out_ += begin_value() ? std::string{"0"} : digits;
    return true;
  }

  bool open(char bracket, bool is_array) {
    const bool hidden = begin_value();
    out_ += bracket;
    frames_.push_back({.is_array = is_array, .hidden = hidden});
    return true;
  }

  bool close(char bracket) {
    frames_.pop_back();
    out_ += bracket;
    return true;
  }

  const redaction& rules_;
  const std::vector<pointer>& pointers_;
  unsigned wrappings_;
  std::string out_;
  std::vector<frame> frames_;
};

/// `user[cards][0][number]` and `user.cards.number` are made of names.
std::vector<std::string> names_in(std::string_view field) {
  std::vector<std::string> names;
  while (!field.empty()) {
    const auto end = std::min(field.find_first_of("[]."), field.size());
    if (end > 0)
      names.emplace_back(field.substr(0, end));
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return names;
}

/// As application/x-www-form-urlencoded has it.
void append_encoded(std::string& out, std::string_view text) {
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (std::isalnum(byte) != 0 ||
        std::string_view{"-._*[]"}.find(each) != std::string_view::npos)
      out += each;
    else if (each == ' ')
      out += '+';
    else
      out += fmt::format("%{:02X}", byte);
  }
}

} // namespace

std::string placeholder_of(std::size_t bytes) {
  return fmt::format("{}: {} bytes", redacted_text, bytes);
}

std::string without_addresses(std::string_view text) {
  std::string out;
  for (;;) {
    const auto plain = text.find('@');
    const auto encoded = text.find(encoded_at_sign);
    const auto at = std::min(plain, encoded);
    if (at == std::string_view::npos)
      return out.append(text);
    const auto sign = at == plain ? std::size_t{1} : encoded_at_sign.size();
    const auto local = local_part_before(text.substr(0, at)).size();
    const auto domain = domain_size(text.substr(at + sign));
    if (local > 0 && domain > 0)
      out.append(text.substr(0, at - local))
          .append(at == plain ? redacted_address : encoded_address);
    else
      out.append(text.substr(0, at + sign + domain));
    text.remove_prefix(at + sign + domain);
  }
}

redaction::redaction(const std::vector<std::string>& more) {
  for (const auto& each : more)
    if (each.starts_with('/'))
      pointers_.push_back(segments_of(each));
    else
      names_.push_back(bare_name(each));
}

bool redaction::hides(std::string_view name) const {
  const auto bare = bare_name(name);
  return sounds_secret(bare) || std::ranges::find(names_, bare) != names_.end();
}

std::string redaction::text(std::string_view value) const {
  return writer::text_without_secrets(*this, value, 0);
}

std::optional<std::string> redaction::json(std::string_view text) const {
  return writer::rewrite(*this, pointers_, text, 0);
}

bool redaction::hides_field(std::string_view name) const {
  if (hides(name) || std::ranges::any_of(pointers_, [&](const pointer& each) {
        return each.size() == 1 && each.front() == name;
      }))
    return true;
  const auto names = names_in(name);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (hides(names[i]) || (i > 0 && is_card_number(names[i - 1], names[i])))
      return true;
  return false;
}

std::string redaction::form(std::string_view fields) const {
  std::string out;
  std::size_t count = 0;
  core::for_each_form_field(fields, [&](auto, auto) { ++count; });
  core::for_each_form_field(fields, [&](auto raw_name, auto raw_value) {
    const auto name = core::decode_form_text(raw_name);
    const auto value = core::decode_form_text(raw_value);
    if (!out.empty())
      out += '&';
    append_encoded(out, without_addresses(name));
    out += '=';
    if (hides_field(name))
      return append_encoded(out, redacted_text);
    std::optional<std::string> whole;
    if (count == 1 && name == "payload" && begins_as_json(value))
      whole = json(value);
    append_encoded(out, whole ? *whole : text(value));
  });
  return out;
}

} // namespace mfo::payload
