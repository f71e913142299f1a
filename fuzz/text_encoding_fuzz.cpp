// Hex and base64: what is encoded decodes to the same, and what decodes is as
// it would be encoded, but for bits of base64's last character that belong to
// no byte (RFC 4648, section 3.5, lets a decoder take any).

#include "core/text_encoding.hpp"
#include "fuzz/target.hpp"

#include <algorithm>
#include <cctype>

namespace mfo::fuzz {

void run(std::string_view input) {
  const std::span bytes{reinterpret_cast<const std::uint8_t*>(input.data()),
                        input.size()};
  const core::decoded_bytes copy(bytes.begin(), bytes.end());
  require(core::decode_hex(core::encode_hex(bytes)) == copy);
  require(core::decode_base64(core::encode_base64(bytes)) == copy);
  if (const auto decoded = core::decode_hex(input)) {
    std::string lower{input};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    require(core::encode_hex(*decoded) == lower);
  }
  if (const auto decoded = core::decode_base64(input)) {
    const auto again = core::encode_base64(*decoded);
    const auto last = input.find_last_not_of('=');
    require(again.size() == input.size());
    require(last == std::string_view::npos ||
            again.substr(0, last) == input.substr(0, last));
    require(core::decode_base64(again) == decoded);
  }
}

} // namespace mfo::fuzz
