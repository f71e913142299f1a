#include "core/ordering_key.hpp"

#include "core/json_slices.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

namespace mfo::core {

namespace {

std::string sha256_of(std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(),
             nullptr);
  std::string out{"sha256:"};
  for (unsigned i = 0; i < size; ++i) {
    out += hex[digest[i] >> 4];
    out += hex[digest[i] & 0xF];
  }
  return out;
}

} // namespace

std::string ordering_key_of(std::string_view given) {
  return given.size() <= longest_ordering_key ? std::string{given}
                                              : sha256_of(given);
}

std::string ordering_key_in(std::string_view payload,
                            std::string_view pointer) {
  const auto found = find_in_json(payload, pointer);
  if (!found || found->empty())
    return {};
  switch (found->front()) {
  case '"':
    return ordering_key_of(string_value(*found).value_or(""));
  case '{':
  case '[':
  case 'n':
    return {};
  default:
    return ordering_key_of(*found);
  }
}

std::string lane_of(const event& ev) {
  // An endpoint's id has no line breaks.
  return ev.endpoint->id + '\n' + ev.ordering_key;
}

} // namespace mfo::core
