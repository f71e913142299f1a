#pragma once

#include <string>
#include <string_view>

/// Forms (application/x-www-form-urlencoded), as the URL standard reads them:
/// https://url.spec.whatwg.org/#urlencoded-parsing
namespace mfo::core {

/// A name or a value: `+` is a space, `%41` an A, and what is no escape stays
/// as it is. The bytes need not be UTF-8.
[[nodiscard]] std::string decode_form_text(std::string_view text);

/// Calls `visit(name, value)` for each field, not yet decoded; a field without
/// `=` has an empty value.
template <class Visitor>
void for_each_form_field(std::string_view text, Visitor&& visit) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (field.empty())
      continue;
    const auto equals = field.find('=');
    visit(field.substr(0, equals), equals == std::string_view::npos
                                       ? std::string_view{}
                                       : field.substr(equals + 1));
  }
}

} // namespace mfo::core
