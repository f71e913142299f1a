#include "core/event_id.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstddef>
#include <initializer_list>

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

/// Of the parts, one after the other.
std::array<std::uint8_t, SHA_DIGEST_LENGTH>
sha1(std::initializer_list<std::string_view> parts) {
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
  // Deprecated in favour of EVP's, which call them and look the hash up by its
  // name for each text.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  SHA_CTX work{};
  SHA1_Init(&work);
  for (const auto part : parts)
    SHA1_Update(&work, part.data(), part.size());
  SHA1_Final(digest.data(), &work);
#pragma GCC diagnostic pop
  return digest;
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
  const auto digest =
      sha1({"urn:mfo:delivery:", endpoint_id, "\n", delivery_id});
  uuid_bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = digest[i];
  return to_text(bytes, 5);
}

} // namespace mfo::core
