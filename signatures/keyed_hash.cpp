#include "signatures/keyed_hash.hpp"

#include "signatures/compare.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace mfo::signatures {

namespace {

// The functions below are deprecated in favour of EVP's, which call them and
// take memory for each MAC.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/// Of the hash with this state.
template <class State>
struct functions;

template <>
struct functions<SHA_CTX> {
  static constexpr std::size_t block = SHA_CBLOCK;
  static constexpr std::size_t size = SHA_DIGEST_LENGTH;
  static constexpr auto init = &SHA1_Init;
  static constexpr auto update = &SHA1_Update;
  static constexpr auto final = &SHA1_Final;
};

template <>
struct functions<SHA256_CTX> {
  static constexpr std::size_t block = SHA256_CBLOCK;
  static constexpr std::size_t size = SHA256_DIGEST_LENGTH;
  static constexpr auto init = &SHA256_Init;
  static constexpr auto update = &SHA256_Update;
  static constexpr auto final = &SHA256_Final;
};

template <>
struct functions<SHA512_CTX> {
  static constexpr std::size_t block = SHA512_CBLOCK;
  static constexpr std::size_t size = SHA512_DIGEST_LENGTH;
  static constexpr auto init = &SHA512_Init;
  static constexpr auto update = &SHA512_Update;
  static constexpr auto final = &SHA512_Final;
};

#pragma GCC diagnostic pop

/// RFC 2104, section 2, steps 1 to 4 and 5 to 7 as far as the key goes.
template <class State>
hashed_key<State> hashed(std::string_view key) {
  using hash = functions<State>;
  std::array<unsigned char, hash::block> pad{};
  half_key<State> work;
  if (key.size() > pad.size()) {
    hash::init(&work.state);
    hash::update(&work.state, key.data(), key.size());
    hash::final(pad.data(), &work.state);
  } else {
    std::ranges::copy(key, pad.begin());
  }
  constexpr unsigned char ipad = 0x36;
  constexpr unsigned char opad = 0x5C;
  hashed_key<State> made;
  for (auto& byte : pad)
    byte ^= ipad;
  hash::init(&made.inner.state);
  hash::update(&made.inner.state, pad.data(), pad.size());
  for (auto& byte : pad)
    byte ^= ipad ^ opad;
  hash::init(&made.outer.state);
  hash::update(&made.outer.state, pad.data(), pad.size());
  OPENSSL_cleanse(pad.data(), pad.size());
  return made;
}

template <class State>
mac_value mac_of(const hashed_key<State>& key,
                 std::span<const std::string_view> parts) {
  using hash = functions<State>;
  mac_value made{.size = hash::size};
  auto work = key.inner;
  for (const auto part : parts)
    hash::update(&work.state, part.data(), part.size());
  hash::final(made.bytes.data(), &work.state);
  work = key.outer;
  hash::update(&work.state, made.bytes.data(), made.size);
  hash::final(made.bytes.data(), &work.state);
  return made;
}

} // namespace

void keyed_hash::add_key(std::string_view key) {
  switch (algorithm_) {
  case config::digest::sha1:
    keys_.emplace_back(hashed<SHA_CTX>(key));
    return;
  case config::digest::sha256:
    keys_.emplace_back(hashed<SHA256_CTX>(key));
    return;
  case config::digest::sha512:
    keys_.emplace_back(hashed<SHA512_CTX>(key));
    return;
  }
}

bool keyed_hash::matches(std::span<const std::uint8_t> claimed,
                         std::initializer_list<std::string_view> parts) const {
  return matches(claimed, std::span{parts.begin(), parts.size()});
}

mac_value
keyed_hash::first(std::initializer_list<std::string_view> parts) const {
  return first(std::span{parts.begin(), parts.size()});
}

bool keyed_hash::matches(std::span<const std::uint8_t> claimed,
                         std::span<const std::string_view> parts) const {
  bool match = false;
  for (const auto& key : keys_) {
    const auto made =
        std::visit([&](const auto& each) { return mac_of(each, parts); }, key);
    match |= equal_bytes(claimed, made.view());
  }
  return match;
}

mac_value keyed_hash::first(std::span<const std::string_view> parts) const {
  return std::visit([&](const auto& each) { return mac_of(each, parts); },
                    keys_.front());
}

} // namespace mfo::signatures
