#include "core/event_id.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstddef>

namespace mfo::core {

namespace {

using uuid_bytes = std::array<std::uint8_t, 16>;

std::string to_text(uuid_bytes bytes, std::uint8_t version) {
  constexpr char hex[] = "0123456789abcdef";
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | (version << 4));
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::array<char, 36> text{};
  auto* to = text.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      *to++ = '-';
    *to++ = hex[bytes[i] >> 4];
    *to++ = hex[bytes[i] & 0xF];
  }
  return {text.data(), text.size()};
}

void store(std::uint8_t* to, std::uint64_t value, std::size_t count) {
  for (std::size_t i = count; i-- > 0; value >>= 8)
    to[i] = static_cast<std::uint8_t>(value);
}

} // namespace

std::string uuid_v7(std::chrono::milliseconds unix_time, std::uint64_t random_a,
                    std::uint64_t random_b) {
  uuid_bytes bytes{};
  store(bytes.data(), static_cast<std::uint64_t>(unix_time.count()), 6);
  store(bytes.data() + 6, random_a, 2);
  store(bytes.data() + 8, random_b, 8);
  return to_text(bytes, 7);
}

std::string delivery_uuid(std::string_view endpoint_id,
                          std::string_view delivery_id) {
  // The name space is of our own making; what matters is that it never
  // changes, as nodes of different versions must agree on the id.
  std::string name{"urn:mfo:delivery:"};
  name.append(endpoint_id).append("\n").append(delivery_id);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(name.data(), name.size(), digest.data(), &size, EVP_sha1(),
             nullptr);
  uuid_bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = digest[i];
  return to_text(bytes, 5);
}

} // namespace mfo::core
