#include "core/form.hpp"

#include "core/text_encoding.hpp"

namespace mfo::core {

std::string decode_form_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size())
      if (const auto byte = decode_hex(text.substr(i + 1, 2))) {
        out += static_cast<char>(byte->front());
        i += 2;
        continue;
      }
    out += text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

} // namespace mfo::core
