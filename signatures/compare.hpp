#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mfo::signatures {

/// Whether the bytes are the same, in a time that depends on their number
/// alone: every byte is looked at, whatever the ones before it were
/// (CRYPTO_memcmp). Every comparison with something secret is made here, and
/// tests/signatures/compare_test.cpp holds the other sources to that.
[[nodiscard]] bool equal_bytes(std::span<const std::uint8_t> a,
                               std::span<const std::uint8_t> b) noexcept;

[[nodiscard]] std::array<std::uint8_t, 32> sha256(std::string_view text);

/// Secrets that are sent as they are. They are kept and compared as SHA-256
/// digests, so that neither their length nor a common beginning shows in the
/// time.
class secret_set {
public:
  void add(std::string_view secret);

  /// Whether `claimed` is one of them; looks at all of them.
  [[nodiscard]] bool contains(std::string_view claimed) const;

  [[nodiscard]] bool empty() const noexcept {
    return digests_.empty();
  }

private:
  using digest = std::array<std::uint8_t, 32>;
  std::vector<digest> digests_;
};

} // namespace mfo::signatures
