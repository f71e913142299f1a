#include "devserver/request.hpp"

#include <charconv>

namespace mfo::devserver {

namespace {

std::optional<char> hex_byte(std::string_view text) noexcept {
  unsigned byte = 0;
  const auto* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, byte, 16);
  if (text.size() != 2 || error != std::errc{} || last != end)
    return std::nullopt;
  return static_cast<char>(byte);
}

} // namespace

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte =
        text[i] == '%' ? hex_byte(text.substr(i + 1, 2)) : std::nullopt;
    decoded.push_back(byte.value_or(text[i]));
    if (byte)
      i += 2;
  }
  return decoded;
}

std::optional<std::string> form_value(std::string_view form,
                                      std::string_view name) {
  while (!form.empty()) {
    const auto pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
    const auto equals = std::min(pair.find('='), pair.size());
    if (percent_decoded(pair.substr(0, equals)) == name)
      return percent_decoded(pair.substr(std::min(pair.size(), equals + 1)));
  }
  return std::nullopt;
}

bool is_control(std::string_view path) noexcept {
  return path.starts_with("/__control/");
}

std::string_view request::path() const noexcept {
  const std::string_view whole = target;
  return whole.substr(0, whole.find('?'));
}

std::optional<std::string> request::query(std::string_view name) const {
  const auto mark = target.find('?');
  if (mark == target.npos)
    return std::nullopt;
  return form_value(std::string_view(target).substr(mark + 1), name);
}

std::optional<std::uint64_t>
request::query_number(std::string_view name, std::uint64_t otherwise) const {
  const auto text = query(name);
  if (!text)
    return otherwise;
  std::uint64_t number = 0;
  const auto* end = text->data() + text->size();
  const auto [last, error] = std::from_chars(text->data(), end, number);
  if (text->empty() || error != std::errc{} || last != end)
    return std::nullopt;
  return number;
}

} // namespace mfo::devserver
