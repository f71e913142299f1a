// Where libFuzzer comes in: https://llvm.org/docs/LibFuzzer.html

#include "fuzz/target.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  mfo::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
