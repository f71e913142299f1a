#include "core/form.hpp"

#include "core/text_encoding.hpp"

#include <algorithm>

namespace mfo::core {

std::string decode_form_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto is_plain = [](char c) {
    return c != '%' && c != '+';
  };
  while (!text.empty()) {
    // Most of a form is plain, and copied in one piece.
    const auto end = std::find_if_not(text.begin(), text.end(), is_plain);
    out.append(text.begin(), end);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    if (text.empty())
      break;
    std::size_t used = 1;
    if (text.front() == '+')
      out += ' ';
    else if (const auto byte = decode_hex(text.substr(1, 2));
             byte && byte->size() == 1) {
      out += static_cast<char>(byte->front());
      used = 3;
    } else
      out += '%';
    text.remove_prefix(used);
  }
  return out;
}

} // namespace mfo::core
