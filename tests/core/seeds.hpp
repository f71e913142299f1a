#pragma once

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace mfo::test {

/// The seed that a random test starts from: a new one in each run, printed;
/// MFO_TEST_SEED repeats a run.
inline unsigned first_seed() {
  const char* given = std::getenv("MFO_TEST_SEED");
  const auto seed =
      given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
            : std::random_device{}();
  std::cout << "MFO_TEST_SEED=" << seed << '\n';
  return seed;
}

/// The same where each run is to be like the last one: `usual`, unless
/// MFO_TEST_SEED says another.
inline unsigned first_seed(unsigned usual) {
  return std::getenv("MFO_TEST_SEED") ? first_seed() : usual;
}

/// For SCOPED_TRACE.
inline std::string seed_trace(unsigned seed) {
  return "MFO_TEST_SEED=" + std::to_string(seed);
}

/// In [0, 1).
inline double uniform(std::mt19937& random) {
  return std::uniform_real_distribution<double>{0, 1}(random);
}

/// From `first` to `last`, both included.
template <class Integer>
Integer between(std::mt19937& random, Integer first, Integer last) {
  return std::uniform_int_distribution<Integer>{first, last}(random);
}

} // namespace mfo::test
