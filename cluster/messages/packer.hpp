#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mfo::cluster {

/// Writes the bytes that `unpacker` reads, in the same order.
class packer {
public:
  /// 1 byte up to 127, 10 at most: LEB128, as in DWARF 5, section 7.6.
  packer& number(std::uint64_t value);

  /// 8 bytes, least first: shorter than `number` for what is random.
  packer& fixed(std::uint64_t value);

  packer& flag(bool value) {
    return number(value ? 1 : 0);
  }

  /// Its length, and the bytes.
  packer& text(std::string_view value);

  /// The bytes; nothing is left.
  [[nodiscard]] std::string take() {
    return std::exchange(bytes_, {});
  }

private:
  std::string bytes_;
};

} // namespace mfo::cluster
