#include "core/source.hpp"

namespace mfo::core {

namespace {

/// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable
/// pseudorandom number generators, 2014; prng.di.unimi.it/splitmix64.c).
constexpr std::uint64_t mixed(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31U);
}

} // namespace

std::size_t
source_hash::operator()(const config::ip_address& source) const noexcept {
  auto state = seed;
  std::uint64_t half = 0;
  std::size_t count = 0;
  for (const auto byte : source.bytes()) {
    half = half << 8U | byte;
    if (++count % sizeof half == 0)
      state = mixed(state ^ half);
  }
  return state;
}

} // namespace mfo::core
