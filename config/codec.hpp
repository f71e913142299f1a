#pragma once

#include "config/settings.hpp"
#include "config/units.hpp"

#include <tl/expected.hpp>

#include <concepts>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::config {

/// How one type of value stands in a file: its name and range for the
/// reference, and both ways between text and value. The error of `parse` is a
/// sentence that says what is expected and quotes nothing.
template <class T>
struct codec {
  std::string type;
  std::string range; ///< "" if `type` says it all
  std::function<tl::expected<T, std::string>(std::string_view)> parse;
  std::function<std::string(const T&)> show;
};

/// Puts a range, both ends in it, around a codec without one.
template <class T>
codec<T> between(codec<T> form, T low, T high) {
  form.range = form.show(low) + " to " + form.show(high);
  form.parse = [parse = std::move(form.parse), range = form.range, low,
                high](std::string_view text) -> tl::expected<T, std::string> {
    auto value = parse(text);
    if (value && (*value < low || *value > high))
      return tl::make_unexpected("must be " + range);
    return value;
  };
  return form;
}

codec<milliseconds> duration(milliseconds low, milliseconds high);

/// In bytes.
codec<std::size_t> size(std::size_t low, std::size_t high);

codec<double> decimal(double low, double high);

codec<listen_address> address();

template <std::unsigned_integral T>
codec<T> integer(T low, T high) {
  codec<T> form;
  form.type = "integer";
  form.parse = [](std::string_view text) -> tl::expected<T, std::string> {
    const auto value = parse_integer(text);
    if (!value)
      return tl::make_unexpected(value.error());
    // Beyond T's range is beyond any range that `between` can hold.
    constexpr auto most = std::numeric_limits<T>::max();
    return *value > most ? most : static_cast<T>(*value);
  };
  form.show = [](const T& value) {
    return std::to_string(value);
  };
  return between(std::move(form), low, high);
}

/// Text that a parser of config/address.hpp checks.
codec<std::string>
text(std::string type, std::string range,
     std::function<tl::expected<std::string, std::string>(std::string_view)>
         parse);

/// Text of any kind.
codec<std::string> plain_text();

/// "must be one of …", for a value that is none of them.
std::string one_of_message(const std::vector<std::string>& names);

/// The names of an enumeration, in the order of the reference.
template <class T>
codec<T> one_of(std::vector<std::pair<std::string, T>> names) {
  std::vector<std::string> words;
  for (const auto& [name, value] : names)
    words.push_back(name);
  codec<T> form;
  form.type = "word";
  for (const auto& word : words)
    form.range += (form.range.empty() ? "" : ", ") + word;
  form.parse = [names, message = one_of_message(words)](
                   std::string_view text) -> tl::expected<T, std::string> {
    for (const auto& [name, value] : names)
      if (name == text)
        return value;
    return tl::make_unexpected(message);
  };
  form.show = [names](const T& shown) {
    for (const auto& [name, value] : names)
      if (value == shown)
        return name;
    return std::string();
  };
  return form;
}

/// `true` or `false`.
codec<bool> yes_or_no();

} // namespace mfo::config
