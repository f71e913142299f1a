#include "cluster/messages/packer.hpp"

namespace mfo::cluster {

packer& packer::number(std::uint64_t value) {
  while (value >= 0x80U) {
    bytes_ += static_cast<char>((value & 0x7fU) | 0x80U);
    value >>= 7U;
  }
  bytes_ += static_cast<char>(value);
  return *this;
}

packer& packer::fixed(std::uint64_t value) {
  for (unsigned shift = 0; shift < 64; shift += 8)
    bytes_ += static_cast<char>((value >> shift) & 0xffU);
  return *this;
}

packer& packer::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
  return *this;
}

} // namespace mfo::cluster
